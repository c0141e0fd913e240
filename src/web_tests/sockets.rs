//! Sockets that lead nowhere: a test opens and closes them, and says what comes over them.

use js_sys::{Function, Reflect};
use latido_realtime::SocketAuth;
use leptos::{
    prelude::AnyView,
    wasm_bindgen::{JsCast, JsValue},
};

use super::{fake_server::BASE, settle, test_app::TestApp};
use crate::{config::Config, realtime::provide_realtime};

/// Whether the page has a connection, and what that does with time.
pub enum Connection {
    None,
    Dials { timing: String },
}

/// A view with a connection in a house that was prepared. It is dialled at once and greeted by nobody.
pub async fn connected(
    mut app: TestApp,
    connection: Connection,
    view: fn() -> AnyView,
) -> (TestApp, Sockets) {
    let sockets = Sockets::new();
    app.server.says("POST /realtime/ticket", 200, r#"{"ticket":"t","expiresIn":30}"#);
    let (socket_url, socket_timing) = match connection {
        Connection::None => (None, None),
        Connection::Dials { timing } => (Some("ws://nowhere.invalid".to_owned()), Some(timing)),
    };
    let config =
        Config { socket_url, socket_timing, socket_auth: SocketAuth::Ticket, api_url: BASE.to_owned() };
    let (api, queries, writes) = (app.api.clone(), app.queries.clone(), app.writes.clone());
    app.show(move || {
        provide_realtime(&config, &api, &queries, &writes);
        view()
    })
    .await;
    settle(50).await;
    (app, sockets)
}

/// What the dashboard dials with instead of `WebSocket`. Whoever drops it gives the page its sockets back.
pub struct Sockets {
    before: JsValue,
    dialled: js_sys::Array,
}

impl Sockets {
    pub fn new() -> Self {
        let before = Reflect::get(&js_sys::global(), &"WebSocket".into()).unwrap();
        let dialled = js_sys::Array::new();
        let make = Function::new_with_args(
            "dialled",
            "return class {
                readyState = 0;
                constructor() { dialled.push(this); }
                send() {}
                close() { this.readyState = 3; }
            };",
        );
        let fake = make.call1(&JsValue::UNDEFINED, &dialled).unwrap();
        Reflect::set(&js_sys::global(), &"WebSocket".into(), &fake).unwrap();
        Self { before, dialled }
    }

    /// How often it was dialled.
    pub fn dialled(&self) -> u32 {
        self.dialled.length()
    }

    /// The newest is open, and its server greets.
    pub fn greet(&self) {
        self.happens("open", "{}");
        let welcome = r#"{"type":"welcome","data":{"connectionId":"c","epoch":"e","head":0,"mode":"fresh"}}"#;
        self.happens("message", &format!("{{ data: '{welcome}' }}"));
    }

    /// The newest is closed with this code.
    pub fn close(&self, code: u16) {
        self.happens("close", &format!("{{ code: {code} }}"));
    }

    fn happens(&self, what: &str, event: &str) {
        let newest = self.dialled.get(self.dialled() - 1);
        let handler = Reflect::get(&newest, &format!("on{what}").into()).unwrap();
        let event = js_sys::eval(&format!("({event})")).unwrap();
        handler.unchecked_into::<Function>().call1(&newest, &event).unwrap();
    }
}

impl Drop for Sockets {
    fn drop(&mut self) {
        let _ = Reflect::set(&js_sys::global(), &"WebSocket".into(), &self.before);
    }
}
