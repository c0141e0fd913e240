//! Device links, which are connections on the wire, and their logs.

use latido_protocol::link::{
    ActionDone, ConnectionList, ConnectionLog, ConnectionLogPage, ConnectionOne, FieldMap, LinkMetrics,
    ManagedConnection, ReferenceId,
};
use utoipa::{
    ToSchema,
    openapi::{ArrayBuilder, ObjectBuilder},
};

use crate::openapi::{
    api::Api,
    derived::{optional_fields, reference, text},
    operation_builder::{Described, operation},
};

pub fn describe(api: &mut Api) {
    api.topic("Connections", "The server's own links to device sources. For admins of their tenant alone.");
    connections(api);
    api.get("/api/websocket/logs", log(operation("allConnectionLogs", "What happened on all connections")));
    api.get(
        "/api/websocket/logs/export",
        file(operation("exportAllConnectionLogs", "The logs of all connections as a file")),
    );
    api.get(
        "/api/websocket/{id}/logs",
        log(operation("connectionLog", "What happened on a connection")).refuses(&[404]),
    );
    api.get(
        "/api/websocket/{id}/logs/export",
        file(operation("exportConnectionLog", "The log as a file")).refuses(&[404]),
    );
    api.event::<ManagedConnection>("connection_update", "To admins: a connection has changed.");
    api.event::<ConnectionLog>("connection_log", "To admins: its log has grown.");
}

fn connections(api: &mut Api) {
    let (list, one) = ("/api/websocket", "/api/websocket/{id}");
    api.get(
        list,
        operation("listConnections", "List connections")
            .answers_cached::<ConnectionList>("All of the tenant.")
            .refuses(&[403]),
    );
    api.post(
        list,
        operation("createConnection", "Add a connection")
            .parameters(&["IdempotencyKey"])
            .takes::<ConnectionDraft>()
            .answers::<ConnectionOne>(201, "The connection, without its secret.")
            .refuses(&[403]),
    );
    api.get(
        "/api/websocket/metrics",
        operation("connectionMetrics", "Figures since the server started")
            .answers::<LinkMetrics>(200, "In all, and of each.")
            .refuses(&[403]),
    );
    api.get(
        one,
        operation("getConnection", "One connection")
            .answers::<ConnectionOne>(200, "The connection.")
            .refuses(&[403, 404]),
    );
    api.delete(
        one,
        operation("deleteConnection", "Hang up and remove a connection")
            .answers_nothing(204, "It is gone, with its log.")
            .refuses(&[403, 404]),
    );
    api.post(
        "/api/websocket/{id}/{action}",
        operation("controlConnection", "Control a connection")
            .answers::<ActionDone>(200, "Done.")
            .refuses(&[403, 404]),
    );
}

fn log(operation: Described) -> Described {
    operation
        .parameters(&["From", "To", "Limit", "Cursor", "EventType"])
        .answers_cached::<ConnectionLogPage>("A page, newest first.")
        .refuses(&[403, 422])
}

fn file(operation: Described) -> Described {
    let rows = ArrayBuilder::new().items(reference::<ConnectionLog>());
    let contents = [("text/csv", text().into()), ("application/json", rows.into())];
    operation
        .parameters(&["From", "To", "EventType", "Format"])
        .answers_with(200, "All rows, newest first.", &contents)
        .refuses(&[403, 422])
}

/// A connection to add.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the handler reads its fields one by one")]
#[schema(rename_all = "camelCase")]
struct ConnectionDraft {
    r#type: ConnectionDraftType,
    /// Unique among the tenant's connections of a type.
    reference_id: ReferenceId,
    #[schema(default = true)]
    auto_reconnect: Option<bool>,
    metadata: ConnectionDraftMetadata,
}

/// The types of connections that can be added.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the handler reads it as a text")]
#[schema(rename_all = "UPPERCASE")]
enum ConnectionDraftType {
    Shelly,
    Custom,
}

/// The target of a connection to add.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the handler reads its fields one by one")]
struct ConnectionDraftMetadata {
    #[schema(examples("ws://192.0.2.7/rpc"))]
    url: String,
    /// Of a Shelly. Never shown again.
    password: Option<String>,
    /// Of a `CUSTOM` source. Never shown again.
    token: Option<String>,
    #[schema(schema_with = field_map)]
    fields: Option<FieldMap>,
}

/// The pointers of a `CUSTOM` source. One that is left out is the name that the field has in this API.
fn field_map() -> ObjectBuilder {
    optional_fields::<FieldMap>()
}
