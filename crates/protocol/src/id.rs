//! Opaque identifiers. A backend makes them (the bundled one `UUIDv7`, others any text); a
//! client only compares them. The type parameter keeps a food's id out of an exercise's place.

use std::{fmt, hash, marker::PhantomData};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The identifier of a `Kind`: any non-empty string, on the wire a JSON string. Decoding refuses an empty one.
pub struct Id<Kind> {
    value: String,
    kind: PhantomData<fn() -> Kind>,
}

impl<Kind> Id<Kind> {
    /// Wraps a text. Does not check it: an empty one is for the caller to avoid.
    pub fn new(value: impl Into<String>) -> Self {
        Self { value: value.into(), kind: PhantomData }
    }

    /// The text, as the backend made it.
    pub fn as_str(&self) -> &str {
        &self.value
    }
}

// Written out, because derives would demand the same of `Kind`, which is only a name.
impl<Kind> Clone for Id<Kind> {
    fn clone(&self) -> Self {
        Self::new(self.value.clone())
    }
}

impl<Kind> PartialEq for Id<Kind> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<Kind> Eq for Id<Kind> {}

impl<Kind> PartialOrd for Id<Kind> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<Kind> Ord for Id<Kind> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.value.cmp(&other.value)
    }
}

impl<Kind> hash::Hash for Id<Kind> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

impl<Kind> fmt::Debug for Id<Kind> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.value, f)
    }
}

impl<Kind> fmt::Display for Id<Kind> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.value)
    }
}

#[cfg(feature = "openapi")]
impl<Kind> utoipa::PartialSchema for Id<Kind> {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        crate::schema::text().min_length(Some(1)).description(Some("An opaque text.")).into()
    }
}

/// One schema for the ids of all kinds: they look alike.
#[cfg(feature = "openapi")]
impl<Kind> utoipa::ToSchema for Id<Kind> {}

impl<Kind> Serialize for Id<Kind> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.value)
    }
}

impl<'de, Kind> Deserialize<'de> for Id<Kind> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = String::deserialize(deserializer)?;
        if value.is_empty() {
            return Err(serde::de::Error::custom("an id must not be empty"));
        }
        Ok(Self::new(value))
    }
}
