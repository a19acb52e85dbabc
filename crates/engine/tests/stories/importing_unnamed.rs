//! Plans that do not tell which building they are of, or where its clocks are.

use crate::importing::{house, import_as};
use crate::office::Office;
use booking::time::ZoneName;
use engine::edit_plans::{PlanError, PlanImported, Said};
use serde_json::{Value, json};

/// A survey of one room that tells neither a name nor ids.
fn survey(longitude: f64) -> Value {
    let corner = |x: f64, y: f64| json!([longitude + x, y]);
    let ring = [
        (0.0, 0.0),
        (0.000_05, 0.0),
        (0.000_05, 0.000_05),
        (0.0, 0.0),
    ];
    json!({ "type": "FeatureCollection", "features": [{
        "type": "Feature",
        "properties": { "indoor": "room", "level": "0", "ref": "101" },
        "geometry": { "type": "Polygon", "coordinates": [ring.map(|(x, y)| corner(x, y))] }
    }]})
}

#[tokio::test]
async fn a_new_building_whose_zone_nobody_names_is_refused_with_what_to_say() {
    let office = Office::open().await;
    let bytes = survey(0.0).to_string();
    let helsinki = ZoneName("Europe/Helsinki".to_owned());
    let import = async |zone: Option<&ZoneName>| {
        let said = Said {
            name: None,
            unnamed: "mill",
            zone,
        };
        office.engine.import_plan(bytes.as_bytes(), &said).await
    };
    let refused = import(None).await.unwrap_err();
    assert!(matches!(refused, PlanError::NoZone), "{refused:?}");
    assert!(refused.to_string().contains("--zone"), "{refused}");
    assert_eq!(office.engine.store().buildings().await.unwrap().len(), 1);

    let first = import(Some(&helsinki)).await.unwrap();
    assert_eq!(first.building.zone, helsinki);
    let again = import(None).await.unwrap();
    assert_eq!((again.building.zone, again.changed), (helsinki, false));
}

#[tokio::test]
async fn a_zone_that_nobody_knows_is_refused_by_its_name() {
    let office = Office::open().await;
    let mut file = house(&[(0, &["1"])]);
    file["zone"] = "Europe/Helsinky".into();
    let refused = import_as(&office, &file, None, "mill").await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "zone: “Europe/Helsinky” is not the name of a time zone. Write it like Europe/Helsinki"
    );
    assert_eq!(office.engine.store().buildings().await.unwrap().len(), 1);
}

#[tokio::test]
async fn buildings_that_nobody_named_are_called_like_their_files_and_never_take_each_others_place()
{
    let office = Office::open().await;
    let named = |imported: PlanImported| (imported.building.id, imported.building.name);
    let (here, name) = named(
        import_as(&office, &survey(0.0), None, "export")
            .await
            .unwrap(),
    );
    assert_eq!(name, "export");

    let refused = import_as(&office, &survey(1.0), None, "export")
        .await
        .unwrap_err();
    assert!(
        refused.to_string().contains("--building \"export\""),
        "{refused}"
    );
    let (there, name) = named(
        import_as(&office, &survey(1.0), None, "annex")
            .await
            .unwrap(),
    );
    assert_eq!(name, "annex");
    assert_ne!(here, there);

    // The same building is known by its source, whatever the file is called now.
    let (again, name) = named(
        import_as(&office, &survey(0.0), None, "export-2")
            .await
            .unwrap(),
    );
    assert_eq!((again, name.as_str()), (here, "export"));
    // Who names a building says which it is, or what it is called from now on.
    let (again, _) = named(
        import_as(&office, &survey(2.0), Some("export"), "x")
            .await
            .unwrap(),
    );
    assert_eq!(again, here);
    let (again, name) = named(
        import_as(&office, &survey(1.0), Some("Annex"), "x")
            .await
            .unwrap(),
    );
    assert_eq!((again, name.as_str()), (there, "Annex"));
}
