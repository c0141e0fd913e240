//! Nobody ever receives what belongs to somebody who is not theirs to see: seven people of two tenants do
//! whatever the API lets them, with all the ids there are, and every byte that each of them is answered or
//! sent is searched for the others' texts and ids.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use std::collections::BTreeSet;

use axum::http::Method;
use latido_devtools::shelly::Simulator;
use latido_domain::account::Role;
use latido_protocol::frame::{ClientFrame, Position};
use proptest::{collection::vec, prelude::*, sample::Index};
use serde_json::{Value, json};
use support::{
    Person, Server,
    links::{add, devices, listen, online, plug, reaching_this_machine, shelly},
    routes::{ROUTES, ending_a_session},
    socket::{self, Socket},
};
use tokio::runtime::Runtime;

/// Name, role, tenant, and who else sees what is theirs. A coach of theirs, that is.
const PEOPLE: [(&str, Role, &str, &[usize]); 7] = [
    ("lucia", Role::User, "main", &[2]),
    ("marta", Role::User, "main", &[]),
    ("coach", Role::Coach, "main", &[]),
    ("admin", Role::Admin, "main", &[]),
    ("otto", Role::User, "other", &[5]),
    ("ines", Role::Coach, "other", &[]),
    ("boss", Role::Admin, "other", &[]),
];
/// Whom a coach follows.
const FOLLOWS: [(usize, usize); 2] = [(2, 0), (5, 4)];

/// What somebody does: a route with an id, a person and a body picked from all there are.
#[derive(Clone, Debug)]
struct Deed {
    who: usize,
    route: Index,
    id: Index,
    person: Option<usize>,
    /// A key for idempotency that all of them use.
    shared_key: bool,
}

fn deed() -> impl Strategy<Value = Deed> {
    let person = prop::option::weighted(0.4, 0..PEOPLE.len());
    let parts = (0..PEOPLE.len(), any::<Index>(), any::<Index>(), person, prop::bool::weighted(0.2));
    parts.prop_map(|(who, route, id, person, shared_key)| Deed { who, route, id, person, shared_key })
}

struct Secret {
    text: String,
    seen_by: BTreeSet<usize>,
}

struct World {
    server: Server,
    people: Vec<Person>,
    user_ids: Vec<String>,
    sockets: Vec<Socket>,
    secrets: Vec<Secret>,
    /// Every id that anybody was ever given.
    ids: Vec<String>,
    marks: u32,
    plugs: Vec<Simulator>,
}

/// Who sees what this one has.
fn circle(owner: usize) -> BTreeSet<usize> {
    PEOPLE[owner].3.iter().copied().chain([owner]).collect()
}

fn of_tenant(tenant: &str, at_least: Role) -> BTreeSet<usize> {
    let fits = |(_, role, of, _): &(&str, Role, &str, &[usize])| *of == tenant && *role >= at_least;
    (0..PEOPLE.len()).filter(|who| fits(&PEOPLE[*who])).collect()
}

impl World {
    async fn new() -> Self {
        let server = Server::start_with(|settings| {
            support::unhurried(settings);
            reaching_this_machine(settings);
        })
        .await;
        let mut people = Vec::new();
        let mut user_ids = Vec::new();
        for (name, role, tenant, _) in PEOPLE {
            let person = server.person_as(&format!("{name}@example.org"), role, tenant).await;
            let me = person.get("/session").await;
            user_ids.push(me.body["user"]["id"].as_str().unwrap().to_owned());
            people.push(person);
        }
        for (coach, person) in FOLLOWS {
            let address = |who: usize| format!("{}@example.org", PEOPLE[who].0);
            server.assign(&address(person), &address(coach)).await;
        }
        let mut world = Self {
            server,
            people,
            user_ids: user_ids.clone(),
            sockets: Vec::new(),
            secrets: Vec::new(),
            ids: user_ids.clone(),
            marks: 0,
            plugs: Vec::new(),
        };
        for (who, id) in user_ids.into_iter().enumerate() {
            let mut seen_by = circle(who);
            // Whom they follow may be told who they are.
            seen_by.extend(FOLLOWS.iter().filter(|(coach, _)| *coach == who).map(|(_, person)| *person));
            // Who switches a relay is written into a log that the tenant's admins read.
            let (_, role, tenant, _) = PEOPLE[who];
            if role >= Role::Coach {
                seen_by.extend(of_tenant(tenant, Role::Admin));
            }
            world.keep(id, seen_by);
        }
        for admin in [3, 6] {
            world.equip(admin).await;
        }
        for who in 0..PEOPLE.len() {
            let mut socket = socket::open(&world.server, &world.people[who]).await;
            socket.start().await;
            world.sockets.push(socket);
            // So that there is something to be looked for from the beginning.
            for route in ["/food-logs", "/conversations"] {
                world.ask(who, "POST", route, None, false).await;
            }
        }
        world
    }

    /// Gives a tenant a device, by a managed connection of its admin.
    async fn equip(&mut self, admin: usize) {
        let tenant = PEOPLE[admin].2;
        let plug = plug(1, None).await;
        let mut socket = listen(&self.server, &self.people[admin]).await;
        let mut link = shelly(&plug);
        let reference = format!("reference-{tenant}");
        link["referenceId"] = json!(reference);
        let id = add(&self.people[admin], link).await;
        online(&mut socket, true).await;
        self.ids.push(id.clone());
        // The ids of its devices, which all of the tenant see, are made of it.
        self.keep(id, of_tenant(tenant, Role::User));
        for text in [reference, plug.url()] {
            self.keep(text, of_tenant(tenant, Role::Admin));
        }
        for device in devices(&self.people[admin]).await {
            let id = device["id"].as_str().unwrap().to_owned();
            self.ids.push(id.clone());
            self.keep(id, of_tenant(tenant, Role::User));
        }
        self.plugs.push(plug);
    }

    fn keep(&mut self, text: String, seen_by: BTreeSet<usize>) {
        if !self.secrets.iter().any(|secret| secret.text == text) {
            self.secrets.push(Secret { text, seen_by });
        }
    }

    /// A text that there is nowhere else, of this one.
    fn mark(&mut self, who: usize, seen_by: BTreeSet<usize>) -> String {
        self.marks += 1;
        let text = format!("mark-{}-{}-", PEOPLE[who].0, self.marks);
        self.keep(text.clone(), seen_by);
        text
    }

    fn body(&mut self, who: usize, path: &str, person: Option<usize>) -> Value {
        // What a coach writes to whom they follow, those read.
        let mut told = circle(who);
        told.extend(FOLLOWS.iter().filter(|(coach, _)| *coach == who).map(|(_, person)| *person));
        let own = circle(who);
        match path {
            "/food-logs" => json!({"name": self.mark(who, own), "meal": "lunch", "calories": 100}),
            "/exercise-logs" => {
                json!({"activity": self.mark(who, own), "durationMin": 30, "intensity": "low"})
            }
            "/health-metrics" => json!({"kind": "weight", "value": 70}),
            "/health-profile" => json!({
                // Their coach sees it, and so does whoever they coach, in what is signed with it.
                "displayName": self.mark(who, told), "units": "metric", "timeZone": "UTC", "language": "es"
            }),
            "/conversations" => {
                let person = person.map(|person| self.user_ids[person].clone());
                let mut body = json!({"name": self.mark(who, told), "channel": "whatsapp",
                    "address": format!("+34600{:06}", self.marks)});
                if let Some(person) = person {
                    body["personId"] = json!(person);
                }
                body
            }
            path if path.ends_with("/messages") => json!({"text": self.mark(who, told)}),
            path if path.ends_with("/relay") => json!({"on": self.marks.is_multiple_of(2)}),
            path if path.starts_with("/food-logs/") => json!({"name": self.mark(who, own)}),
            path if path.starts_with("/exercise-logs/") => json!({"activity": self.mark(who, own)}),
            _ => json!({}),
        }
    }

    /// Asks and searches the answer. `path` is complete.
    async fn ask(&mut self, who: usize, method: &str, path: &str, person: Option<usize>, shared: bool) {
        let method: Method = method.parse().unwrap();
        let body = (method != Method::GET).then(|| self.body(who, path, person));
        let address = match person.filter(|_| method == Method::GET) {
            Some(person) => format!("{path}?person={}", self.user_ids[person]),
            None => path.to_owned(),
        };
        let key: &[(&str, &str)] = if shared { &[("idempotency-key", "shared")] } else { &[] };
        let text = body.as_ref().map(Value::to_string);
        let answer = self.people[who].send(method.clone(), &address, key, text).await;
        assert!(answer.status.as_u16() < 500, "{method} {address}: {}", answer.text);
        if answer.status == 201 && !path.starts_with("/session") && !path.starts_with("/realtime") {
            let mut seen_by = circle(who);
            let told = person
                .into_iter()
                .chain(FOLLOWS.iter().filter(|(coach, _)| *coach == who).map(|(_, person)| *person));
            if path.starts_with("/conversations") {
                seen_by.extend(told);
            }
            for id in ids(&answer.body) {
                self.ids.push(id.clone());
                self.keep(id, seen_by.clone());
            }
        }
        self.search(who, &format!("the answer to {method} {address}"), &answer.text);
    }

    /// Fails if there is anything in the text that is not for this one's eyes.
    fn search(&self, who: usize, what: &str, text: &str) {
        for secret in self.secrets.iter().filter(|secret| !secret.seen_by.contains(&who)) {
            assert!(
                !text.contains(&secret.text),
                "{} found {} in {what}: {text}",
                PEOPLE[who].0,
                secret.text
            );
        }
    }

    async fn act(&mut self, deed: &Deed) {
        let id = deed.id.get(&self.ids).clone();
        let channels = ROUTES.len();
        // Beside the routes there are the frames of the socket.
        match deed.route.index(channels + 2) {
            place if place < channels => {
                let (method, path) = ROUTES[place];
                if !ending_a_session(method, path) {
                    let path = path.replace("{id}", &id);
                    self.ask(deed.who, method, &path, deed.person, deed.shared_key).await;
                }
            }
            place if place == channels => {
                let channel = format!("conversation:{id}");
                self.sockets[deed.who].say(&ClientFrame::Subscribe { channel }).await;
            }
            _ => self.sockets[deed.who].say(&ClientFrame::TypingStart { contact_id: id }).await,
        }
    }

    /// Reads what every socket was sent, and what one would be sent that missed everything.
    async fn search_the_sockets(&mut self) {
        let epoch = self.server.app().store.epoch().to_owned();
        for who in 0..PEOPLE.len() {
            let mut late = socket::open(&self.server, &self.people[who]).await;
            late.say(&ClientFrame::Hello {
                position: Some(Position { epoch: epoch.clone(), seq: 0 }),
                client: "test/1".to_owned(),
            })
            .await;
            let mut heard = up_to_pong(&mut self.sockets[who]).await;
            heard.extend(up_to_pong(&mut late).await);
            for frame in heard {
                self.search(who, "a frame", &frame);
            }
        }
    }
}

async fn up_to_pong(socket: &mut Socket) -> Vec<String> {
    socket.say(&ClientFrame::Ping { seq: None }).await;
    let mut heard = Vec::new();
    loop {
        let frame = socket.json().await;
        heard.push(frame.to_string());
        if frame["type"] == "pong" {
            return heard;
        }
    }
}

/// All ids in an answer.
fn ids(body: &Value) -> Vec<String> {
    match body {
        Value::Object(fields) => {
            let own =
                ["id", "contactId"].iter().filter_map(|name| Some(fields.get(*name)?.as_str()?.to_owned()));
            own.chain(fields.values().flat_map(ids)).collect()
        }
        Value::Array(items) => items.iter().flat_map(ids).collect(),
        _ => Vec::new(),
    }
}

proptest! {
    #![proptest_config(support::cases(24))]

    #[test]
    fn nobody_ever_receives_what_is_not_theirs_to_see(deeds in vec(deed(), 60..120)) {
        Runtime::new().unwrap().block_on(async {
            let mut world = World::new().await;
            for deed in &deeds {
                world.act(deed).await;
            }
            world.search_the_sockets().await;
        });
    }
}

/// The control: the same search finds what may be seen where it may be.
#[tokio::test]
async fn the_search_finds_what_may_be_seen() {
    let mut world = World::new().await;
    world.ask(0, "POST", "/food-logs", None, false).await;
    let mark = world.secrets.last().unwrap().text.clone();
    let id = world.ids.last().unwrap().clone();
    let hers = world.people[0].get("/food-logs").await.text;
    let followed = world.people[2].get(&format!("/food-logs?person={}", world.user_ids[0])).await.text;
    let food = world.secrets.iter().find(|secret| secret.text.starts_with("mark-lucia")).unwrap();
    for text in [&hers, &followed] {
        assert!(text.contains(&food.text) && text.contains(&id), "{text}");
    }
    assert!(mark.len() > 4 && world.ids.len() > PEOPLE.len());
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| world.search(1, "hers", &hers)));
    assert!(caught.is_err(), "Marta may not see it");
}

/// What is the same for everybody.
const OPEN: [&str; 4] = ["/api/.well-known/jwks.json", "/api/docs", "/api/docs.css", "/api/openapi.json"];

/// What is documented is what is searched.
#[tokio::test]
async fn every_documented_route_is_gone_through() {
    let server = Server::start().await;
    let document = server.anonymous().get("/openapi.json").await.body;
    let mut missing = Vec::new();
    let searched = |path: &str| path.starts_with("/api/") && !OPEN.contains(&path);
    for (path, operations) in document["paths"].as_object().unwrap().iter().filter(|(path, _)| searched(path))
    {
        for method in operations.as_object().unwrap().keys().filter(|key| key.parse::<Method>().is_ok()) {
            let known = ROUTES
                .iter()
                .any(|(known, route)| known.eq_ignore_ascii_case(method) && is_route(route, path));
            if !known && ["get", "post", "put", "patch", "delete"].contains(&method.as_str()) {
                missing.push(format!("{method} {path}"));
            }
        }
    }
    assert!(missing.is_empty(), "tests/support/routes.rs lacks {missing:#?}");
}

/// What stands for `{action}` in the documented path of a connection.
fn is_action(part: &str) -> bool {
    ["start", "stop", "restart", "toggle-reconnect"].contains(&part)
}

/// Whether a documented path, whatever it calls its ids, is this route.
fn is_route(route: &str, documented: &str) -> bool {
    let documented = documented.strip_prefix("/api").unwrap_or(documented);
    let parts = |path: &str| {
        path.split('/')
            .map(|part| if part.starts_with('{') { "{}".to_owned() } else { part.to_owned() })
            .collect::<Vec<_>>()
    };
    let (route, documented) = (parts(route), parts(documented));
    route.len() == documented.len()
        && route.iter().zip(&documented).all(|(one, other)| one == other || other == "{}" && is_action(one))
}
