//! The code that stores and sends writes, which no page needs before there is one. It is in the chunk of the record
//! form: once a form is open, the code is loaded.

use futures::future::{FutureExt, LocalBoxFuture};
use latido_cache::EntryOf;

use super::{
    send::{WriteOutcome, look, send},
    stored,
};
use crate::{
    api::Api,
    browser::chunk::NotLoaded,
    data::queries::record::{AnyRecord, RecordKind},
};

type Request = fn(Api, EntryOf<AnyRecord>) -> LocalBoxFuture<'static, WriteOutcome>;

/// What is called across the boundary of the chunk.
pub struct WriteCode {
    /// An entry as it is stored.
    pub write: fn(&EntryOf<AnyRecord>) -> Option<String>,
    /// A stored entry; `None` for what no version of this page has written.
    pub read: fn(&str) -> Option<EntryOf<AnyRecord>>,
    /// The record in the body of an answer.
    pub read_record: fn(RecordKind, &str) -> Option<AnyRecord>,
    /// Sends a write.
    pub send: Request,
    /// Looks for the record of a creation that was answered without one.
    pub look: Request,
}

/// Loads the code, or finds that it is loaded.
pub fn load() -> impl Future<Output = Result<WriteCode, NotLoaded>> {
    #[cfg_attr(feature = "split", wasm_split_helpers::wasm_split(daily, fallible))]
    #[cfg_attr(not(feature = "split"), expect(clippy::unnecessary_wraps, reason = "loading can fail"))]
    fn write_code() -> Result<WriteCode, NotLoaded> {
        Ok(WriteCode {
            write: stored::write,
            read: stored::read,
            read_record: |kind, body| kind.parse_one(body).ok(),
            send: |api, entry| async move { send(&api, &entry).await }.boxed_local(),
            look: |api, entry| async move { look(&api, &entry).await }.boxed_local(),
        })
    }
    #[cfg(not(feature = "split"))]
    let code = std::future::ready(write_code());
    #[cfg(feature = "split")]
    let code = write_code();
    code
}
