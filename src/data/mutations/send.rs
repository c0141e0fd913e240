//! One write as a request, and the outcome for the outbox.
//!
//! | what came back | what it is |
//! |---|---|
//! | 2xx with the record | done |
//! | 2xx without it | an edit: the record is asked for; a creation: accepted, see [`look`] |
//! | a problem (RFC 9457) | the server's verdict |
//! | JSON of another shape with 400, 409, 415 or 422 | the verdict of a plain backend |
//! | 404 or 410 without a problem | refetch the list: it shows whether the record or the route is gone |
//! | a page, or nothing, with any other 4xx; a page with 2xx | something in between: kept, and tried again |

use latido_cache::{Answer, Entity, EntryOf, Item, Write};
use latido_protocol::problem::Problem;

use crate::{
    api::{
        Api, Call, Method,
        error::{ApiError, NO_REASON, OTHER_JSON},
        json,
    },
    data::queries::{
        draft::Draft,
        record::{AnyRecord, RecordKind},
        row::LOCAL_ID,
    },
};

/// A list is asked for this much before and after the time of a record, milliseconds: some backends keep whole seconds.
const AROUND_MS: i64 = 1_000;

/// The answer, and its body where there is a record in it: other tabs read it too.
pub struct WriteOutcome {
    pub answer: Answer<AnyRecord>,
    pub body: Option<String>,
    /// The status of the intermediary that answered in the server's place.
    pub intercepted: Option<u16>,
}

impl From<Answer<AnyRecord>> for WriteOutcome {
    fn from(answer: Answer<AnyRecord>) -> Self {
        Self { answer, body: None, intercepted: None }
    }
}

impl WriteOutcome {
    fn intercepted(status: u16) -> Self {
        Self { intercepted: Some(status), ..Answer::Later.into() }
    }

    /// Done, with the record in this body if there is one.
    fn of_record(kind: RecordKind, body: String) -> Self {
        let record = kind.parse_one(&body).ok();
        let body = record.is_some().then_some(body);
        Self { answer: Answer::Done(record), body, intercepted: None }
    }
}

pub async fn send(api: &Api, entry: &EntryOf<AnyRecord>) -> WriteOutcome {
    let kind = kind_of(entry);
    let key = Some(entry.key.as_str());
    let Ok(body) = body_of(&entry.write) else { return Answer::Later.into() };
    let (path, call) = match &entry.write {
        Write::Create { .. } => (kind.path().to_owned(), Call { key, ..Call::with(Method::Post, &body) }),
        // 0 is the version of a backend that counts none.
        Write::Edit { id, version, .. } => {
            let version = Some(*version).filter(|version| *version > 0);
            (path_of(kind, id), Call { version, key, ..Call::with(Method::Patch, &body) })
        }
        Write::Delete { id, .. } => {
            (path_of(kind, id), Call { key, method: Method::Delete, ..Call::get("") })
        }
    };
    match api.send(Call { path: &path, ..call }).await {
        // A hotel's sign-in page also responds with 200. The write has not reached the backend.
        Ok(answer) if !answer.body.trim().is_empty() && !answer.body.trim_start().starts_with('{') => {
            WriteOutcome::intercepted(answer.status)
        }
        Ok(answer) => {
            let outcome = WriteOutcome::of_record(kind, answer.body);
            match (&outcome.answer, &entry.write) {
                (Answer::Done(None), Write::Create { .. }) => Answer::Accepted.into(),
                (Answer::Done(None), Write::Edit { .. }) => match api.send(Call::get(&path)).await {
                    Ok(answer) => WriteOutcome::of_record(kind, answer.body),
                    Err(_) => outcome,
                },
                _ => outcome,
            }
        }
        Err(ApiError::Refused(problem)) => refused(api, &path, entry, problem).await,
        Err(ApiError::Intercepted { status: 404 | 410 }) => missing(api, entry).await,
        Err(ApiError::Intercepted { status }) => WriteOutcome::intercepted(status),
        Err(ApiError::Unreachable | ApiError::TimedOut | ApiError::SignedOut | ApiError::Unreadable) => {
            Answer::Later.into()
        }
    }
}

/// Of the request; a deletion has none.
fn body_of(write: &Write<Draft, RecordKind>) -> Result<String, ApiError> {
    match write {
        Write::Create { draft, .. } | Write::Edit { draft, .. } => draft.body(),
        Write::Delete { .. } => Ok(String::new()),
    }
}

/// Looks in its list for the record of a creation that was answered without one.
pub async fn look(api: &Api, entry: &EntryOf<AnyRecord>) -> WriteOutcome {
    let Write::Create { draft, .. } = &entry.write else { return Answer::Done(None).into() };
    let kind = kind_of(entry);
    let at = draft.record().at();
    let (from, to) = (at.plus_ms(-AROUND_MS), at.plus_ms(AROUND_MS));
    match list(api, kind, &format!("?from={from}&to={to}&limit=200")).await {
        Ok(records) => {
            // Of several that say the same, the one that came last.
            let same = records.into_iter().filter(|record| record.says(draft));
            let newest = same.max_by_key(|record| record.revision().updated_at);
            newest.map_or(Answer::Accepted, |record| Answer::Done(Some(record))).into()
        }
        Err(ApiError::Intercepted { status }) => WriteOutcome::intercepted(status),
        Err(_) => Answer::Later.into(),
    }
}

async fn list(api: &Api, kind: RecordKind, query: &str) -> Result<Vec<AnyRecord>, ApiError> {
    let answer = api.send(Call::get(&[kind.path(), query].concat())).await?;
    kind.parse_page(&answer.body).map(|(records, _)| records)
}

async fn refused(api: &Api, path: &str, entry: &EntryOf<AnyRecord>, problem: Problem) -> WriteOutcome {
    let kind = kind_of(entry);
    let is_a_problem = problem.kind != OTHER_JSON && problem.kind != NO_REASON;
    match problem.status {
        404 | 410 if is_a_problem => gone(&entry.write).into(),
        404 | 410 => missing(api, entry).await,
        408 | 425 | 429 | 500.. => Answer::Later.into(),
        // The current record shows whether another client changed it or our own edit succeeded and its response was
        // lost.
        412 => match api.send(Call::get(path)).await {
            Ok(answer) => kind.parse_one(&answer.body).map_or(Answer::Later, Answer::Conflict).into(),
            Err(ApiError::Refused(problem)) if problem.status == 404 => gone(&entry.write).into(),
            Err(_) => Answer::Later.into(),
        },
        400 | 409 | 415 | 422 if problem.kind == OTHER_JSON => said(problem).into(),
        status if !is_a_problem => WriteOutcome::intercepted(status),
        _ => said(problem).into(),
    }
}

/// Whole, so that a form that is opened again can show each refusal at its field.
fn said(problem: Problem) -> Answer<AnyRecord> {
    Answer::Refused(json(&problem).unwrap_or(problem.detail))
}

/// Deleted by another client. A record that the server never named cannot have been deleted.
fn gone<D, K>(write: &Write<D, K>) -> Answer<AnyRecord> {
    if write.is_create() || write.id().starts_with(LOCAL_ID) { Answer::NoRoute } else { Answer::Gone }
}

/// Resolves a 404 without a problem: the list shows whether the backend responds at all, and whether the record is
/// there.
async fn missing(api: &Api, entry: &EntryOf<AnyRecord>) -> WriteOutcome {
    match list(api, kind_of(entry), "?limit=200").await {
        Ok(records) if records.iter().any(|record| record.id() == entry.write.id()) => Answer::NoRoute.into(),
        Ok(_) => gone(&entry.write).into(),
        Err(ApiError::Refused(problem)) if problem.status == 404 => Answer::NoRoute.into(),
        Err(ApiError::Intercepted { status: 404 }) => Answer::NoRoute.into(),
        Err(ApiError::Intercepted { status }) => WriteOutcome::intercepted(status),
        Err(_) => Answer::Later.into(),
    }
}

pub fn kind_of(entry: &EntryOf<AnyRecord>) -> RecordKind {
    match &entry.write {
        Write::Create { draft, .. } | Write::Edit { draft, .. } => draft.record().kind(),
        Write::Delete { kind, .. } => *kind,
    }
}

fn path_of(kind: RecordKind, id: &str) -> String {
    format!("{}/{id}", kind.path())
}
