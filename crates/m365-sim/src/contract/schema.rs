//! From OpenAPI 3.0 component schemas to JSON Schema 2020-12 definitions.

use serde_json::{Map, Value, json};

const PREFIX: &str = "#/components/schemas/";

/// All components as `$defs`. Inheritance is flattened, so that unknown properties can be refused.
pub(super) fn definitions(components: &Value) -> Value {
    let Some(components) = components.as_object() else {
        return json!({});
    };
    components
        .keys()
        .map(|name| (name.clone(), definition(components, name)))
        .collect::<Map<_, _>>()
        .into()
}

/// Any schema, references pointing to `$defs`.
pub(super) fn convert(schema: &Value) -> Value {
    let Some(object) = schema.as_object() else {
        return schema.clone();
    };
    if let Some(reference) = object.get("$ref").and_then(Value::as_str) {
        return json!({ "$ref": reference.replace(PREFIX, "#/$defs/") });
    }
    let mut converted = Map::new();
    for (key, value) in object {
        let value = match key.as_str() {
            "properties" => value
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, one)| (name.clone(), convert(one)))
                .collect(),
            "allOf" | "anyOf" | "oneOf" => value
                .as_array()
                .into_iter()
                .flatten()
                .map(convert)
                .collect(),
            "items" | "additionalProperties" => convert(value),
            "type" | "enum" | "required" | "pattern" | "minimum" | "maximum" | "maxItems" => {
                value.clone()
            }
            _ => continue,
        };
        converted.insert(key.clone(), value);
    }
    if object.get("nullable") == Some(&Value::Bool(true)) {
        allow_null(&mut converted);
    }
    converted.into()
}

fn allow_null(schema: &mut Map<String, Value>) {
    if let Some(kind) = schema.get_mut("type") {
        *kind = json!([kind.clone(), "null"]);
    }
    if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut)
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
}

fn definition(components: &Map<String, Value>, name: &str) -> Value {
    let component = &components[name];
    let mut flat = Flat {
        properties: Map::new(),
        required: Vec::new(),
        is_open: false,
    };
    flat.add(components, component);
    if flat.properties.is_empty() {
        return convert(component);
    }
    let mut own =
        json!({ "type": "object", "properties": flat.properties, "required": flat.required });
    if !flat.is_open {
        own["additionalProperties"] = json!(false);
        own["patternProperties"] = json!({ "@": {} });
    }
    // A base type stands for the types derived from it too.
    let derived = derived(component);
    if derived.is_empty() {
        return own;
    }
    let mut choices = vec![own];
    choices.extend(
        derived
            .iter()
            .map(|reference| json!({ "$ref": reference.replace(PREFIX, "#/$defs/") })),
    );
    json!({ "anyOf": choices })
}

/// A component and everything it inherits.
struct Flat {
    properties: Map<String, Value>,
    required: Vec<Value>,
    is_open: bool,
}

impl Flat {
    fn add(&mut self, components: &Map<String, Value>, schema: &Value) {
        if let Some(base) = schema["$ref"]
            .as_str()
            .and_then(|reference| components.get(reference.strip_prefix(PREFIX)?))
        {
            self.add(components, base);
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.add(components, part);
        }
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            self.properties.insert(name.clone(), convert(property));
        }
        self.required
            .extend(schema["required"].as_array().into_iter().flatten().cloned());
        // Types that are open only for extensions are held to their documented properties.
        let is_open_type = schema["x-open-type"] == Value::Bool(true);
        self.is_open |= schema["additionalProperties"] == Value::Bool(true) && !is_open_type;
    }
}

fn derived(component: &Value) -> Vec<String> {
    let parts = component["allOf"].as_array().into_iter().flatten();
    let mappings = parts
        .chain(std::iter::once(component))
        .map(|part| &part["discriminator"]["mapping"]);
    mappings
        .filter_map(Value::as_object)
        .flat_map(Map::values)
        .filter_map(|reference| reference.as_str().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nullable_becomes_a_type_of_its_own() {
        let converted =
            convert(&json!({ "type": "string", "nullable": true, "description": "text" }));
        assert_eq!(converted, json!({ "type": ["string", "null"] }));
    }

    #[test]
    fn inherited_properties_are_known_and_others_are_not() {
        let components = json!({
            "base": { "type": "object", "properties": { "id": { "type": "string" } } },
            "derived": { "allOf": [
                { "$ref": "#/components/schemas/base" },
                { "type": "object", "properties": { "name": { "type": "string" } } },
            ] },
        });
        let schema = definition(components.as_object().unwrap(), "derived");
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        assert!(validator.is_valid(&json!({ "id": "1", "name": "a", "@odata.etag": "x" })));
        assert!(!validator.is_valid(&json!({ "nmae": "a" })));
    }
}
