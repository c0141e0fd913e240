//! Schemas of the values for the server's `OpenAPI` description, made of the limits that the constructors check. Compiled
//! only with the feature `openapi`, which the dashboard leaves off.

/// Writes the schema of a type: its doc comment as the description, and what a value of it may be.
macro_rules! described {
    ([$($doc:literal),+] $name:ty = $schema:expr) => {
        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                use $crate::schema;
                $schema.description(Some(schema::sentences(&[$($doc),+]))).into()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}
    };
}
pub(crate) use described;

#[cfg(feature = "openapi")]
mod openapi {
    use utoipa::openapi::{ObjectBuilder, Type, schema::SchemaType};

    pub fn number() -> ObjectBuilder {
        ObjectBuilder::new().schema_type(Type::Number)
    }

    pub fn integer() -> ObjectBuilder {
        ObjectBuilder::new().schema_type(Type::Integer)
    }

    pub fn text() -> ObjectBuilder {
        ObjectBuilder::new().schema_type(Type::String)
    }

    /// A text of a closed set.
    pub fn one_of(words: &[&str]) -> ObjectBuilder {
        text().enum_values(Some(words.iter().copied()))
    }

    /// An object whose fields have any names.
    pub fn numbers_and_texts() -> ObjectBuilder {
        let field = ObjectBuilder::new().schema_type(SchemaType::Array(vec![Type::Number, Type::String]));
        ObjectBuilder::new().additional_properties(Some(field))
    }

    /// The lines of a doc comment as one paragraph.
    pub fn sentences(lines: &[&str]) -> String {
        lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
    }
}
#[cfg(feature = "openapi")]
pub(crate) use openapi::{integer, number, numbers_and_texts, one_of, sentences, text};

#[cfg(all(test, feature = "openapi"))]
mod tests {
    use serde_json::{Value, json, to_value};
    use utoipa::PartialSchema;

    use crate::{
        time::Timestamp,
        values::{Calories, FoodName, Meal, Minutes, Steps},
    };

    fn check<T: PartialSchema>(mut expected: Value) {
        let schema = to_value(T::schema()).unwrap_or_default();
        assert!(schema["description"].is_string());
        expected["description"] = schema["description"].clone();
        assert_eq!(schema, expected);
    }

    #[test]
    fn schemas_state_the_limits_of_their_types() {
        check::<Calories>(json!({"type": "number", "minimum": 0, "maximum": 10_000}));
        check::<Minutes>(json!({"type": "number", "exclusiveMinimum": 0, "maximum": 1440}));
        check::<Steps>(json!({"type": "integer", "minimum": 0, "maximum": 200_000}));
        check::<FoodName>(json!({"type": "string", "minLength": 1, "maxLength": 200}));
        check::<Meal>(json!({"type": "string", "enum": ["breakfast", "lunch", "dinner", "snack"]}));
        let example = "2026-11-21T08:15:00.000Z";
        check::<Timestamp>(json!({"type": "string", "format": "date-time", "examples": [example]}));
    }
}
