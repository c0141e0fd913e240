//! Reads a JSON object field by field. What is wrong is collected, not returned at the first error,
//! so that one answer names every field that has to be corrected. Fields nobody asks for are ignored.

use latido_protocol::{problem::FieldError, reason::Reason, time::Timestamp, values::Invalid};
use serde_json::{Map, Value};

pub type Object = Map<String, Value>;

pub struct Fields<'a> {
    object: &'a Object,
    errors: Vec<FieldError>,
}

impl<'a> Fields<'a> {
    pub fn of(object: &'a Object) -> Self {
        Self { object, errors: Vec::new() }
    }

    /// A field that has to be there. `None` means that it was refused, and the refusal noted.
    pub fn required<T>(&mut self, name: &str, read: impl Fn(&Value) -> Result<T, Invalid>) -> Option<T> {
        match self.object.get(name) {
            None | Some(Value::Null) => self.refuse(name, Invalid::Required),
            Some(value) => read(value).map_err(|invalid| self.refuse::<T>(name, invalid)).ok(),
        }
    }

    /// A field that may be missing, null or blank, which are all the same: `Some(None)`.
    pub fn optional<T>(
        &mut self,
        name: &str,
        read: impl Fn(&Value) -> Result<T, Invalid>,
    ) -> Option<Option<T>> {
        match self.object.get(name) {
            None | Some(Value::Null) => Some(None),
            Some(Value::String(text)) if text.trim().is_empty() => Some(None),
            Some(value) => read(value).map_err(|invalid| self.refuse::<T>(name, invalid)).ok().map(Some),
        }
    }

    /// A field that has a default.
    pub fn or<T>(
        &mut self,
        name: &str,
        default: T,
        read: impl Fn(&Value) -> Result<T, Invalid>,
    ) -> Option<T> {
        self.optional(name, read).map(|given| given.unwrap_or(default))
    }

    /// A field that stays as it is when it is missing, and is taken away by null or a blank.
    pub fn or_kept<T>(
        &mut self,
        name: &str,
        current: Option<T>,
        read: impl Fn(&Value) -> Result<T, Invalid>,
    ) -> Option<Option<T>> {
        if self.object.contains_key(name) { self.optional(name, read) } else { Some(current) }
    }

    /// Notes what is wrong with a field. Gives `None`, to stand for its value.
    pub fn refuse<T>(&mut self, name: &str, reason: impl Into<Reason>) -> Option<T> {
        self.errors.push(FieldError::new(name, reason));
        None
    }

    /// Notes what is wrong within a field that is an object.
    pub fn refuse_within(&mut self, name: &str, errors: Vec<FieldError>) {
        let within = |error: FieldError| FieldError { pointer: format!("/{name}{}", error.pointer), ..error };
        self.errors.extend(errors.into_iter().map(within));
    }

    /// What was made of the fields, or all that was wrong with them.
    pub fn finish<T>(self, made: Option<T>) -> Result<T, Vec<FieldError>> {
        match made {
            Some(made) if self.errors.is_empty() => Ok(made),
            _ => Err(self.errors),
        }
    }
}

/// Any number; whether it is allowed is for the caller to say.
pub fn plain_number(value: &Value) -> Result<f64, Invalid> {
    value.as_f64().ok_or(Invalid::WrongType { expected: "a number" })
}

/// A number that `new` allows.
pub fn number<T>(new: impl Fn(f64) -> Result<T, Invalid>) -> impl Fn(&Value) -> Result<T, Invalid> {
    move |value| plain_number(value).and_then(&new)
}

/// A text, or one of a set of words, that `new` allows.
pub fn text<T>(new: impl Fn(&str) -> Result<T, Invalid>) -> impl Fn(&Value) -> Result<T, Invalid> {
    move |value| value.as_str().ok_or(Invalid::WrongType { expected: "a text" }).and_then(&new)
}

/// `true` or `false`.
pub fn boolean(value: &Value) -> Result<bool, Invalid> {
    value.as_bool().ok_or(Invalid::WrongType { expected: "true or false" })
}

/// An instant.
pub fn time(value: &Value) -> Result<Timestamp, Invalid> {
    text(|text| Timestamp::parse(text).ok_or(Invalid::NotATime))(value)
}

#[cfg(test)]
mod tests {
    use latido_protocol::values::{Calories, FoodName};
    use serde_json::json;

    use super::*;

    fn errors(body: &Value) -> Vec<(String, String)> {
        let object = body.as_object().unwrap();
        let mut fields = Fields::of(object);
        let name = fields.required("name", text(FoodName::new));
        let calories = fields.required("calories", number(Calories::new));
        let at = fields.optional("at", time);
        let made = (|| Some((name?, calories?, at?)))();
        let errors = fields.finish(made).err().unwrap_or_default();
        errors.into_iter().map(|error| (error.pointer, error.detail)).collect()
    }

    #[test]
    fn everything_wrong_is_named_at_once() {
        assert_eq!(
            errors(&json!({"name": 5, "calories": "x", "at": "yesterday"})),
            [
                ("/name".to_owned(), "must be a text".to_owned()),
                ("/calories".to_owned(), "must be a number".to_owned()),
                ("/at".to_owned(), "must be an RFC 3339 time such as 2026-11-21T08:15:00.000Z".to_owned()),
            ]
        );
    }

    #[test]
    fn null_counts_as_missing() {
        assert_eq!(
            errors(&json!({"name": "Avena", "calories": null, "at": null})),
            [("/calories".to_owned(), "is required".to_owned())]
        );
    }

    #[test]
    fn fields_from_the_future_are_ignored() {
        assert_eq!(errors(&json!({"name": "Avena", "calories": 1, "colour": "grey"})), []);
    }
}
