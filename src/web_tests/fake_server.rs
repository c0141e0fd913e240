//! A server within the page: it answers what the dashboard asks as the test says, and remembers what it was asked.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
};

use futures::channel::oneshot;
use js_sys::{Function, Reflect};
use latido_protocol::{
    problem::{FieldError, Problem},
    session::User,
};
use leptos::wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::Request;

/// The address under which it answers; all else goes to the network.
pub const BASE: &str = "/the-tests-server";

#[derive(Clone)]
enum Reply {
    Says(u16, String),
    Hesitates,
}

/// What came with a request.
#[derive(Clone, Debug)]
pub struct Asked {
    pub query: String,
    pub body: String,
    /// Its `If-Match`.
    pub version: Option<String>,
}

#[derive(Default)]
struct ServerState {
    replies: RefCell<HashMap<String, Reply>>,
    asked: RefCell<Vec<(String, Asked)>>,
    waiting: RefCell<Vec<oneshot::Sender<()>>>,
}

thread_local! {
    /// Requests that have come and are not answered yet, of every server of the page.
    static UNDER_WAY: Cell<usize> = const { Cell::new(0) };
}

/// Whether something is asked that will be answered without a further word of the test.
pub fn is_answering() -> bool {
    UNDER_WAY.get() > 0
}

/// A request counts as long as this lives.
struct UnderWay;

impl UnderWay {
    fn begin() -> Self {
        UNDER_WAY.set(UNDER_WAY.get() + 1);
        Self
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        UNDER_WAY.set(UNDER_WAY.get() - 1);
    }
}

type FetchFunction = Closure<dyn Fn(JsValue, JsValue) -> JsValue>;

/// It is reached by nothing but what it was told to answer. Whoever drops it gives the page its network back.
pub struct Server {
    state: Rc<ServerState>,
    network: Function,
    _fetch: FetchFunction,
}

impl Server {
    pub fn new() -> Self {
        let state = Rc::<ServerState>::default();
        let network: Function = Reflect::get(&js_sys::global(), &"fetch".into()).unwrap().unchecked_into();
        let (answering, beyond) = (state.clone(), network.clone());
        let fetch = FetchFunction::new(move |request: JsValue, init: JsValue| match as_ours(&request) {
            Some((request, path)) => answering.clone().answer(request, path),
            None => beyond.call2(&js_sys::global(), &request, &init).unwrap(),
        });
        Reflect::set(&js_sys::global(), &"fetch".into(), fetch.as_ref()).unwrap();
        Self { state, network, _fetch: fetch }
    }

    /// From now on that is its answer to this, `GET /food-logs`, whatever stands behind a `?`.
    pub fn says(&self, to: &str, status: u16, body: &str) {
        self.reply(to, Some(Reply::Says(status, body.to_owned())));
    }

    /// It refuses this in its own words.
    pub fn refuses(&self, to: &str, problem: &Problem) {
        self.says(to, problem.status, &serde_json::to_string(problem).unwrap());
    }

    /// It does not answer this before it is told what to say.
    pub fn hesitates(&self, to: &str) {
        self.reply(to, Some(Reply::Hesitates));
    }

    /// Nobody reaches it with this, as with all that it was not told about.
    pub fn is_away(&self, to: &str) {
        self.reply(to, None);
    }

    /// It lets this person in, by their cookie and by their password.
    pub fn lets_in(&self, user: &User) {
        let user = serde_json::to_string(user).unwrap();
        let session = format!(r#"{{"accessToken":"t","tokenType":"Bearer","expiresIn":900,"user":{user}}}"#);
        self.says("POST /session/refresh", 200, &session);
        self.says("POST /session", 200, &session);
    }

    /// What it was asked so far, the first first.
    pub fn asked(&self, what: &str) -> Vec<Asked> {
        let asked = self.state.asked.borrow();
        asked.iter().filter(|(name, _)| name == what).map(|(_, asked)| asked.clone()).collect()
    }

    fn reply(&self, to: &str, reply: Option<Reply>) {
        match reply {
            Some(reply) => self.state.replies.borrow_mut().insert(to.to_owned(), reply),
            None => self.state.replies.borrow_mut().remove(to),
        };
        for waiting in self.state.waiting.take() {
            let _ = waiting.send(());
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = Reflect::set(&js_sys::global(), &"fetch".into(), &self.network);
    }
}

impl ServerState {
    fn answer(self: Rc<Self>, request: Request, path: String) -> JsValue {
        let (path, query) = path.split_once('?').unwrap_or((&path, ""));
        let name = format!("{} {path}", request.method());
        let (query, version) = (query.to_owned(), request.headers().get("if-match").ok().flatten());
        let mut under_way = Some(UnderWay::begin());
        let answer = async move {
            let body = JsFuture::from(request.text()?).await?.as_string().unwrap_or_default();
            self.asked.borrow_mut().push((name.clone(), Asked { query, body, version }));
            loop {
                let reply = self.replies.borrow().get(&name).cloned();
                match reply {
                    Some(Reply::Says(status, body)) => {
                        drop(under_way);
                        return Ok(response(status, &body));
                    }
                    Some(Reply::Hesitates) => {
                        let (done, wait) = oneshot::channel();
                        self.waiting.borrow_mut().push(done);
                        drop(under_way.take());
                        let _ = wait.await;
                        under_way = Some(UnderWay::begin());
                    }
                    None => return Err(js_sys::TypeError::new("nobody is there").into()),
                }
            }
        };
        future_to_promise(answer).into()
    }
}

/// A request to the server, and what of its address is below the server's own.
fn as_ours(request: &JsValue) -> Option<(Request, String)> {
    let request: Request = request.clone().dyn_into().ok()?;
    let base = format!("{}{BASE}", leptos::prelude::window().location().origin().ok()?);
    let path = request.url().strip_prefix(&base)?.to_owned();
    Some((request, path))
}

fn response(status: u16, body: &str) -> JsValue {
    let make = Function::new_with_args(
        "status, body",
        "const isProblem = status >= 400 && body.includes('\"detail\"');
         const type = body.startsWith('<') ? 'text/html' : isProblem ? 'application/problem+json' : 'application/json';
         return new Response(status === 204 ? null : body, { status, headers: { 'content-type': type } });",
    );
    make.call2(&JsValue::UNDEFINED, &status.into(), &body.into()).unwrap()
}

/// A refusal in the server's words.
pub fn problem(status: u16, detail: &str) -> Problem {
    Problem::of_status(status, detail)
}

/// A refusal that names a field.
pub fn wrong_field(name: &str, detail: &str) -> Problem {
    Problem { errors: vec![FieldError::new(name, detail)], ..problem(422, "a field is wrong") }
}
