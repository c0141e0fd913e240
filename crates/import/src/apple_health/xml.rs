//! Attributes of an element, and numbers in them.

use std::borrow::Cow;

use quick_xml::{XmlVersion, events::BytesStart};

/// An attribute's value; empty if there is none.
pub fn attribute<'a>(tag: &'a BytesStart, name: &str) -> Result<Cow<'a, str>, Cow<'static, str>> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute =
            attribute.map_err(|error| format!("has an attribute that cannot be read ({error})"))?;
        if attribute.key.as_ref() == name {
            let value = attribute.normalized_value(XmlVersion::Explicit1_0);
            return value.map_err(|error| format!("{name} cannot be read ({error})").into());
        }
    }
    Ok(Cow::Borrowed(""))
}

/// A number; what it is said of is named when it is none.
pub fn number(text: &str, name: &str) -> Result<f64, Cow<'static, str>> {
    match text.trim().parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(format!("{name} must be a number, and is {text:?}").into()),
    }
}
