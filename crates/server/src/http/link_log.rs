//! The log of a managed connection, or of all of a tenant's together: page by page, or as a file.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use futures_util::{Stream, stream};
use latido_domain::{
    digest::Digest,
    fields::{Fields, Object, text},
    store::{Flow, Owner, Slice, StoreError},
};
use latido_import::export::formula_guard::escape;
use latido_protocol::{
    link::{ConnectionLog, ConnectionLogPage, LinkId, LogKind},
    values::Invalid,
};
use tracing::error;

use super::{
    current_user::CurrentUser,
    link_access::{all, find},
    link_logs::Logs,
    path_id::PathId,
    precondition::with_etag,
    problem::Problem,
    query::{Parameters, cursor},
};
use crate::state::AppState;

const COLUMNS: [&str; 12] = [
    "createdAt",
    "eventType",
    "message",
    "errorDetails",
    "responseTime",
    "dataSize",
    "count",
    "userId",
    "ip",
    "userAgent",
    "id",
    "connectionId",
];

async fn of_one(app: &AppState, caller: &CurrentUser, id: String) -> Result<Vec<LinkId>, Problem> {
    Ok(vec![find(app, caller, id).await?.connection.id])
}

async fn of_all(app: &AppState, caller: &CurrentUser) -> Result<Vec<LinkId>, Problem> {
    Ok(all(app, caller).await?.into_iter().map(|connection| connection.id).collect())
}

/// The part of these logs, as if they were one. A cursor is a place in time, so it is one in each of them.
async fn rows(app: &AppState, links: Vec<LinkId>, slice: Slice) -> Result<Vec<ConnectionLog>, Problem> {
    let limit = slice.limit;
    let reading = app.store.read(move |read| {
        let logs = links.iter().map(|link| read.list::<ConnectionLog>(&Owner::link(link), &slice));
        logs.collect::<Result<Vec<_>, StoreError>>()
    });
    let mut rows: Vec<_> = reading.await.map_err(Problem::from)?.into_iter().flatten().collect();
    rows.sort_unstable_by(|a, b| (b.created_at, &b.id).cmp(&(a.created_at, &a.id)));
    rows.truncate(limit);
    Ok(rows)
}

/// `?eventType&from&to&limit&cursor`, newest first.
pub async fn page(
    State(app): State<AppState>,
    caller: CurrentUser,
    PathId(id): PathId,
    parameters: Parameters,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let links = of_one(&app, &caller, id).await?;
    page_of(&app, links, &parameters, &headers).await
}

/// The same, of all connections of the tenant.
pub async fn page_of_all(
    State(app): State<AppState>,
    caller: CurrentUser,
    parameters: Parameters,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let links = of_all(&app, &caller).await?;
    page_of(&app, links, &parameters, &headers).await
}

async fn page_of(
    app: &AppState,
    links: Vec<LinkId>,
    parameters: &Parameters,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let mut slice = parameters.page(Some(("eventType", LogKind::WORDS)))?;
    let limit = slice.limit;
    // One more than was asked for tells whether there is another page.
    slice.limit += 1;
    let mut logs = rows(app, links, slice).await?;
    let more = logs.len() > limit;
    logs.truncate(limit);
    let next_cursor = logs.last().filter(|_| more).map(cursor);
    let body = serde_json::to_string(&ConnectionLogPage { logs, next_cursor })?;
    Ok(with_etag(headers, &Digest::of(body.as_bytes()).entity_tag(), body))
}

#[derive(Clone, Copy)]
enum Format {
    Csv,
    Json,
}

fn format(word: &str) -> Result<Format, Invalid> {
    match word {
        "csv" => Ok(Format::Csv),
        "json" => Ok(Format::Json),
        _ => Err(Invalid::NotOneOf { words: &["csv", "json"] }),
    }
}

/// `?format=csv|json&eventType&from&to`: all rows, newest first.
pub async fn export(
    State(app): State<AppState>,
    caller: CurrentUser,
    PathId(id): PathId,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let links = of_one(&app, &caller, id).await?;
    export_of(&app, links, &parameters)
}

/// The same, of all connections of the tenant.
pub async fn export_all(
    State(app): State<AppState>,
    caller: CurrentUser,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let links = of_all(&app, &caller).await?;
    export_of(&app, links, &parameters)
}

fn export_of(app: &AppState, links: Vec<LinkId>, parameters: &Parameters) -> Result<Response, Problem> {
    let asked: Object =
        parameters.text("format").map(|word| ("format".to_owned(), word.into())).into_iter().collect();
    let mut fields = Fields::of(&asked);
    let format = fields.or("format", Format::Csv, text(format));
    let format = fields.finish(format).map_err(Problem::invalid)?;
    let slice = parameters.page(Some(("eventType", LogKind::WORDS)))?;
    let (media_type, name) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "connection-log.csv"),
        Format::Json => ("application/json", "connection-log.json"),
    };
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [(header::CONTENT_TYPE, media_type), (header::CONTENT_DISPOSITION, &disposition)];
    let file =
        File { app: app.clone(), flow: Flow::current(), format, logs: Logs::new(links, slice), begun: false };
    Ok((headers, Body::from_stream(file.pieces())).into_response())
}

/// A file that is written while it is read: what is under way is a page of each log.
struct File {
    app: AppState,
    flow: Flow,
    format: Format,
    logs: Logs,
    begun: bool,
}

impl File {
    /// Should the database fail, the connection breaks off, so that half a log is not taken for a whole one.
    fn pieces(self) -> impl Stream<Item = Result<String, StoreError>> {
        stream::try_unfold(Some(self), async |file| {
            let Some(mut file) = file else { return Ok(None) };
            let rows = file.flow.clone().scope(file.logs.next(&*file.app.store)).await;
            let rows = rows.inspect_err(|error| error!(%error, "the export of a log broke off"))?;
            let piece = file.format.piece(&rows, !file.begun)?;
            file.begun = true;
            Ok(Some((piece, (!rows.is_empty()).then_some(file))))
        })
    }
}

impl Format {
    /// The next piece of a file; one without rows is its end.
    fn piece(self, rows: &[ConnectionLog], is_first: bool) -> Result<String, serde_json::Error> {
        match self {
            Self::Csv => {
                Ok(if is_first { line(COLUMNS.map(str::to_owned)) } else { String::new() } + &csv(rows))
            }
            Self::Json => {
                let mut text = String::from(if is_first { "[" } else { "" });
                for (n, row) in rows.iter().enumerate() {
                    text += if is_first && n == 0 { "" } else { "," };
                    text += &serde_json::to_string(row)?;
                }
                text += if rows.is_empty() { "]" } else { "" };
                Ok(text)
            }
        }
    }
}

/// Rows as of RFC 4180.
fn csv(rows: &[ConnectionLog]) -> String {
    let mut file = String::new();
    for row in rows {
        let metadata = row.metadata.clone().unwrap_or_default();
        let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
        file += &line([
            row.created_at.to_string(),
            row.event_type.as_str().to_owned(),
            row.message.clone().unwrap_or_default(),
            row.error_details.clone().unwrap_or_default(),
            number(row.response_time),
            number(row.data_size),
            number(metadata.count),
            metadata.user_id.unwrap_or_default(),
            metadata.ip.unwrap_or_default(),
            metadata.user_agent.unwrap_or_default(),
            row.id.as_str().to_owned(),
            row.connection_id.as_str().to_owned(),
        ]);
    }
    file
}

fn line(cells: [String; COLUMNS.len()]) -> String {
    let cells: Vec<_> = cells.iter().map(|cell| quoted(cell)).collect();
    cells.join(",") + "\r\n"
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", escape(cell).replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_neither_broken_out_of_nor_a_formula() {
        assert_eq!(quoted("say \"hi\",\nthere"), "\"say \"\"hi\"\",\nthere\"");
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)"] {
            assert_eq!(quoted(formula), format!("\"'{formula}\""));
        }
        assert_eq!(quoted("\t=1"), "\"'\t'=1\"");
        assert_eq!(quoted("Hola;=cmd"), "\"Hola;'=cmd\"");
    }
}
