//! Schemas of types: as a body has them, as an answer has them, and as a patch has them.

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{Object, ObjectBuilder, Ref, RefOr, Schema, Type, schema::SchemaType},
};

/// A schema of the document with its name.
pub type NamedSchema = (String, RefOr<Schema>);

pub fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

pub fn reference<T: ToSchema>() -> RefOr<Schema> {
    Ref::from_schema_name(T::name()).into()
}

/// The fields of `T`, none of them required.
pub fn optional_fields<T: PartialSchema>() -> ObjectBuilder {
    match T::schema() {
        RefOr::T(Schema::Object(mut object)) => {
            object.required.clear();
            object.into()
        }
        _ => ObjectBuilder::new(),
    }
}

/// The schemas that a type consists of, its own last.
pub fn schemas_of<T: ToSchema>() -> Vec<NamedSchema> {
    let mut schemas = Vec::new();
    T::schemas(&mut schemas);
    schemas.push((T::name().into_owned(), T::schema()));
    schemas
}

/// The schema as an answer has it: an optional field that is empty is left out of it, and never `null`.
pub fn never_null((name, mut schema): NamedSchema) -> NamedSchema {
    if let RefOr::T(Schema::Object(object)) = &mut schema {
        let optional = object.properties.iter_mut().filter(|(name, _)| !object.required.contains(name));
        for (_, field) in optional {
            match field {
                RefOr::T(Schema::Object(Object { schema_type, .. })) => {
                    if let SchemaType::Array(types) = schema_type
                        && let [one, Type::Null] = types.as_slice()
                    {
                        *schema_type = SchemaType::Type(one.clone());
                    }
                }
                RefOr::T(Schema::OneOf(choices)) => {
                    if let [one, null] = choices.items.as_slice()
                        && is_null(null)
                    {
                        *field = one.clone();
                    }
                }
                _ => {}
            }
        }
    }
    (name, schema)
}

fn is_null(schema: &RefOr<Schema>) -> bool {
    matches!(schema, RefOr::T(Schema::Object(object)) if object.schema_type == SchemaType::Type(Type::Null))
}

#[cfg(test)]
mod tests {
    use latido_protocol::time::Timestamp;
    use serde_json::json;

    use super::*;

    #[derive(ToSchema)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    struct Answer {
        text: Option<String>,
        time: Option<Timestamp>,
        #[schema(required)]
        always: Option<String>,
    }

    #[test]
    fn optional_fields_of_an_answer_are_never_null() {
        let (_, schema) = never_null(("Answer".to_owned(), Answer::schema()));
        let fields = serde_json::to_value(schema).unwrap_or_default();
        assert_eq!(fields["properties"]["text"], json!({"type": "string"}));
        assert_eq!(fields["properties"]["time"], json!({"$ref": "#/components/schemas/Timestamp"}));
        assert_eq!(fields["properties"]["always"], json!({"type": ["string", "null"]}));
    }
}
