//! One write as a request, and what its outcome is to the outbox.

use latido_protocol::problem::Problem;
use latido_replica::{Answer, EntryOf, Write};

use crate::{
    api::{Api, Call, Method, error::ApiError, json},
    queries::record::{AnyRecord, Kind},
};

/// The answer, and its body where there is a record in it: other tabs read it too.
pub struct Outcome {
    pub answer: Answer<AnyRecord>,
    pub body: Option<String>,
}

pub async fn send(api: &Api, entry: &EntryOf<AnyRecord>) -> Outcome {
    let kind = kind_of(entry);
    let key = Some(entry.key.as_str());
    let (path, call) = match &entry.write {
        Write::Create { draft, .. } => {
            (kind.path().to_owned(), Call { key, ..Call::with(Method::Post, draft.body()) })
        }
        // 0 is the version of a backend that counts none.
        Write::Edit { id, version, draft } => {
            let version = Some(*version).filter(|version| *version > 0);
            (path_of(kind, id), Call { version, key, ..Call::with(Method::Patch, draft.body()) })
        }
        Write::Delete { id, .. } => {
            (path_of(kind, id), Call { key, method: Method::Delete, ..Call::get("") })
        }
    };
    match api.send(Call { path: &path, ..call }).await {
        // A hotel's sign-in page also says 200. The write has not reached anybody who understood it.
        Ok(answer) if answer.status != 204 && !answer.body.trim_start().starts_with('{') => {
            Outcome { answer: Answer::Later, body: None }
        }
        Ok(answer) => {
            let record = kind.parse_one(&answer.body).ok();
            let body = record.is_some().then_some(answer.body);
            Outcome { answer: Answer::Done(record), body }
        }
        Err(ApiError::Refused(problem)) => {
            Outcome { answer: refused(api, &path, kind, problem).await, body: None }
        }
        Err(ApiError::Unreachable | ApiError::TimedOut | ApiError::SignedOut | ApiError::Unreadable) => {
            Outcome { answer: Answer::Later, body: None }
        }
    }
}

async fn refused(api: &Api, path: &str, kind: Kind, problem: Problem) -> Answer<AnyRecord> {
    match problem.status {
        404 | 410 => Answer::Gone,
        408 | 425 | 429 | 500.. => Answer::Later,
        // What is there now tells whether it was somebody else, or our own edit whose answer was lost.
        412 => match api.send(Call::get(path)).await {
            Ok(answer) => kind.parse_one(&answer.body).map_or(Answer::Later, Answer::Conflict),
            Err(ApiError::Refused(problem)) if problem.status == 404 => Answer::Gone,
            Err(_) => Answer::Later,
        },
        // Whole, so that a form that is opened again can show each refusal at its field.
        _ => Answer::Refused(json(&problem).unwrap_or(problem.detail)),
    }
}

pub fn kind_of(entry: &EntryOf<AnyRecord>) -> Kind {
    match &entry.write {
        Write::Create { draft, .. } | Write::Edit { draft, .. } => draft.record().kind(),
        Write::Delete { kind, .. } => *kind,
    }
}

fn path_of(kind: Kind, id: &str) -> String {
    format!("{}/{id}", kind.path())
}
