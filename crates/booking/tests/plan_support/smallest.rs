//! The smallest plans there are, to be bent and broken by tests.

use serde_json::{Value, json};

/// A square room of 5 m at Null Island, as OpenStreetMap tags it.
pub(crate) fn survey() -> Value {
    json!({ "type": "FeatureCollection", "features": [{
        "type": "Feature", "id": "way/7",
        "properties": { "indoor": "room", "level": "0", "ref": "101" },
        "geometry": { "type": "Polygon", "coordinates": [[
            [0.0, 0.0], [0.000045, 0.0], [0.000045, 0.000045], [0.0, 0.000045], [0.0, 0.0]
        ]] }
    }]})
}

/// Our own file with one room of 6 by 4 m and a door.
pub(crate) fn drawing() -> Value {
    json!({ "format": "etage-plan-1", "name": "Shed", "zone": "Europe/Helsinki", "floors": [{
        "level": 0,
        "shapes": [
            { "kind": "room", "number": "0.01", "name": "Pier", "seats": 8,
              "equipment": ["video", "hearing_loop"], "step_free": true, "rect": [0, 0, 6, 4] },
            { "kind": "corridor", "ring": [[0, 4], [12, 4], [12, 6], [0, 6]] }
        ],
        "doors": [{ "at": [3, 4] }]
    }]})
}
