//! What every record has in common, and how its resource is spelled on the wire.

use serde::{Serialize, de::DeserializeOwned};

use crate::{id::Id, time::Timestamp};

/// A record that lives in a list: food, exercise, metric.
pub trait Record: Clone + PartialEq + Serialize + DeserializeOwned + 'static {
    /// The answer to a list request, `{"foodLogs":[…],"nextCursor":null}`.
    type Page: Serialize + DeserializeOwned;
    /// The answer to a request for one, `{"foodLog":{…}}`.
    type One: Serialize + DeserializeOwned;

    /// The path below the API's base, `/food-logs`.
    const PATH: &'static str;
    /// The name in the singular, as events spell it: `foodLog`.
    const NAME: &'static str;

    fn id(&self) -> &Id<Self>;
    /// Which of two copies is newer. Counts up with every change of this record.
    fn version(&self) -> u64;
    /// When it happened, by which lists are ordered.
    fn at(&self) -> Timestamp;

    fn page(records: Vec<Self>, next_cursor: Option<String>) -> Self::Page;
    fn from_page(page: Self::Page) -> (Vec<Self>, Option<String>);
    fn one(record: Self) -> Self::One;
    fn from_one(one: Self::One) -> Self;
}

/// Writes the wire shapes of a record and its [`Record`] implementation.
macro_rules! record {
    ($record:ident, at = $at:ident, path = $path:literal,
     one = $one:ident { $singular:ident = $name:literal }, page = $page:ident { $plural:ident }) => {
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $one {
            pub $singular: $record,
        }

        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $page {
            pub $plural: Vec<$record>,
            #[serde(default)]
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
