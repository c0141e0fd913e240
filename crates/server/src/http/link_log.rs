//! The log of a managed connection, or of all of a tenant's together: page by page, or as a file. A log is
//! bounded, so a file is, too.

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use latido_protocol::{
    link::{ConnectionLog, ConnectionLogPage, LinkId, LogKind},
    values::Invalid,
};

use super::{
    caller::Caller,
    in_path::InPath,
    links::{all, find},
    precondition::tagged,
    problem::Problem,
    query::{Parameters, cursor},
};
use crate::{
    app::App,
    digest::Digest,
    domain::{
        Fields,
        fields::{Object, text},
    },
    export::guard::guarded,
    store::{Owner, Slice, StoreError},
};

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

async fn of_one(app: &App, caller: &Caller, id: String) -> Result<Vec<LinkId>, Problem> {
    Ok(vec![find(app, caller, id).await?.connection.id])
}

async fn of_all(app: &App, caller: &Caller) -> Result<Vec<LinkId>, Problem> {
    Ok(all(app, caller).await?.into_iter().map(|connection| connection.id).collect())
}

/// The part of these logs, as if they were one. A cursor is a place in time, so it is one in each of them.
async fn rows(app: &App, links: Vec<LinkId>, slice: Slice) -> Result<Vec<ConnectionLog>, Problem> {
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
    State(app): State<App>,
    caller: Caller,
    InPath(id): InPath,
    parameters: Parameters,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let links = of_one(&app, &caller, id).await?;
    page_of(&app, links, &parameters, &headers).await
}

/// The same, of all connections of the tenant.
pub async fn page_of_all(
    State(app): State<App>,
    caller: Caller,
    parameters: Parameters,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let links = of_all(&app, &caller).await?;
    page_of(&app, links, &parameters, &headers).await
}

async fn page_of(
    app: &App,
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
    Ok(tagged(headers, &Digest::of(body.as_bytes()).entity_tag(), body))
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
    State(app): State<App>,
    caller: Caller,
    InPath(id): InPath,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let links = of_one(&app, &caller, id).await?;
    export_of(&app, links, &parameters).await
}

/// The same, of all connections of the tenant.
pub async fn export_all(
    State(app): State<App>,
    caller: Caller,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let links = of_all(&app, &caller).await?;
    export_of(&app, links, &parameters).await
}

async fn export_of(app: &App, links: Vec<LinkId>, parameters: &Parameters) -> Result<Response, Problem> {
    let asked: Object =
        parameters.text("format").map(|word| ("format".to_owned(), word.into())).into_iter().collect();
    let mut fields = Fields::of(&asked);
    let format = fields.or("format", Format::Csv, text(format));
    let format = fields.finish(format).map_err(Problem::invalid)?;
    let slice =
        Slice { behind: None, limit: usize::MAX, ..parameters.page(Some(("eventType", LogKind::WORDS)))? };
    let rows = rows(app, links, slice).await?;
    let (media_type, name, body) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "connection-log.csv", csv(&rows)),
        Format::Json => ("application/json", "connection-log.json", serde_json::to_string(&rows)?),
    };
    let disposition = format!("attachment; filename=\"{name}\"");
    Ok(([(header::CONTENT_TYPE, media_type), (header::CONTENT_DISPOSITION, &disposition)], body)
        .into_response())
}

/// RFC 4180.
fn csv(rows: &[ConnectionLog]) -> String {
    let mut file = line(COLUMNS.map(str::to_owned));
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
    format!("\"{}\"", guarded(cell).replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_neither_broken_out_of_nor_a_formula() {
        assert_eq!(quoted("say \"hi\",\nthere"), "\"say \"\"hi\"\",\nthere\"");
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"] {
            assert_eq!(quoted(formula), format!("\"'{formula}\""));
        }
    }
}
