//! The trait of all records, the spelling of their resources on the wire, and the range of their times.

use serde::{Serialize, de::DeserializeOwned};

use crate::{id::Id, time::Timestamp, values::Invalid};

/// The earliest birth date that is accepted; a civil date.
pub const FIRST_DATE: &str = "1900-01-01";

/// A record's time is at most so many milliseconds ahead: tomorrow has ended everywhere by then.
const AHEAD_MS: i64 = 48 * 3_600_000;
/// Where a day begins first, it begins so many milliseconds before it does in UTC.
const EASTERNMOST_MS: i64 = 14 * 3_600_000;

/// Checks the time of a record: from the day of birth (a civil date; without one, from 1900) to 48 hours after `now`.
/// The bounds are wide enough for every time zone; a form that knows the person's zone may be stricter.
///
/// # Errors
///
/// [`Invalid::TooEarly`] or [`Invalid::TooLate`].
pub fn check_time(at: Timestamp, birth_date: Option<&str>, now: Timestamp) -> Result<Timestamp, Invalid> {
    let first = birth_date.unwrap_or(FIRST_DATE);
    let begins = day_begins(first).unwrap_or(Timestamp::EPOCH);
    if at < begins.plus_ms(-EASTERNMOST_MS) {
        Err(Invalid::TooEarly { first: first.to_owned() })
    } else if at > now.plus_ms(AHEAD_MS) {
        Err(Invalid::TooLate)
    } else {
        Ok(at)
    }
}

/// The instant at which a civil date such as `1990-05-17` begins in UTC; `None` for what is no date.
pub(crate) fn day_begins(date: &str) -> Option<Timestamp> {
    if date.len() == 10 { Timestamp::parse(&[date, "T00:00:00Z"].concat()) } else { None }
}

/// A record that lives in a list: food, exercise, metric.
pub trait Record: Clone + PartialEq + Serialize + DeserializeOwned + 'static {
    /// The response to a list request, `{"foodLogs":[…],"nextCursor":null}`.
    type Page: Serialize + DeserializeOwned;
    /// The response to a request for one record, `{"foodLog":{…}}`.
    type One: Serialize + DeserializeOwned;

    /// The path below the API's base, `/food-logs`.
    const PATH: &'static str;
    /// The name in the singular, as events spell it: `foodLog`.
    const NAME: &'static str;

    /// The id of this record.
    fn id(&self) -> &Id<Self>;
    /// Tells which of two copies is newer: counts the changes of this record, from 1. 0 from a backend without
    /// versions.
    fn version(&self) -> u64;
    /// When it happened: `loggedAt` or `measuredAt`. Lists are ordered by it, newest first.
    fn at(&self) -> Timestamp;

    /// Wraps a page of records and the cursor of the next page, `None` on the last one.
    fn page(records: Vec<Self>, next_cursor: Option<String>) -> Self::Page;
    /// Unwraps what [`page`](Self::page) wraps.
    fn from_page(page: Self::Page) -> (Vec<Self>, Option<String>);
    /// Wraps a record.
    fn one(record: Self) -> Self::One;
    /// Unwraps what [`one`](Self::one) wraps.
    fn from_one(one: Self::One) -> Self;
}

/// Writes the wire shapes of a record and its [`Record`] implementation.
macro_rules! record {
    ($record:ident, at = $at:ident, path = $path:literal,
     one = $one:ident { $singular:ident = $name:literal }, page = $page:ident { $plural:ident }) => {
        #[doc = concat!("The response to a request for one record of `", $path, "`: `{\"", $name, "\":{…}}`.")]
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "camelCase")]
        pub struct $one {
            /// The record as it is after the request.
            pub $singular: $record,
        }

        #[doc = concat!("The response to a list request of `", $path, "`, newest first.")]
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "camelCase")]
        pub struct $page {
            #[doc = concat!("The records of this page; `", $name, "s` on the wire.")]
            #[cfg_attr(feature = "openapi", schema(max_items = 200))]
            pub $plural: Vec<$record>,
            /// The `cursor` of the next page; `null` or absent on the last one.
            #[serde(default)]
            #[cfg_attr(feature = "openapi", schema(required))]
            pub next_cursor: Option<String>,
        }

        impl $crate::record::Record for $record {
            type Page = $page;
            type One = $one;
            const PATH: &'static str = $path;
            const NAME: &'static str = $name;

            fn id(&self) -> &$crate::id::Id<Self> {
                &self.id
            }
            fn version(&self) -> u64 {
                self.version
            }
            fn at(&self) -> $crate::time::Timestamp {
                self.$at
            }
            fn page($plural: Vec<Self>, next_cursor: Option<String>) -> $page {
                $page { $plural, next_cursor }
            }
            fn from_page(page: $page) -> (Vec<Self>, Option<String>) {
                (page.$plural, page.next_cursor)
            }
            fn one($singular: Self) -> $one {
                $one { $singular }
            }
            fn from_one(one: $one) -> Self {
                one.$singular
            }
        }
    };
}
pub(crate) use record;

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn records_lie_between_birth_and_tomorrow() {
        let now = at("2026-11-21T08:15:00Z");
        let check = |text, birth_date| check_time(at(text), birth_date, now);
        let too_early = |first: &str| Err(Invalid::TooEarly { first: first.to_owned() });
        assert_eq!(check("0203-11-21T08:15:00Z", None), too_early(FIRST_DATE));
        assert_eq!(check("1989-11-21T08:15:00Z", Some("1990-05-17")), too_early("1990-05-17"));
        assert!(check("1990-05-16T10:00:00Z", Some("1990-05-17")).is_ok(), "the day begins in the east");
        assert!(check("1900-01-01T00:00:00Z", None).is_ok());
        assert!(check("2026-11-23T08:15:00Z", None).is_ok());
        assert_eq!(check("2026-11-23T08:15:00.001Z", None), Err(Invalid::TooLate));
    }
}
