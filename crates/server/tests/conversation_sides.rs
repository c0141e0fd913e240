//! A person and two coaches in one conversation: who writes on which side, who has read what, what needs an answer.
#![allow(clippy::unwrap_used, reason = "these are tests, if not marked as such")]

mod support;

use axum::http::StatusCode;
use latido_domain::{account::Role, delete_account};
use serde_json::{Value, json};
use support::{
    Answer, Person, Server,
    socket::{Socket, open},
    webhooks::{SECRET, contact, contact_says, conversation, post_signed, report, says},
};

struct Practice {
    server: Server,
    lucia: Person,
    ana: Person,
    berta: Person,
    /// Lucía's own telephone.
    talk: String,
}

/// Lucía, whom Ana and Berta follow.
async fn practice() -> Practice {
    let server = Server::start_with(|settings| settings.webhooks.secrets = vec![SECRET.to_owned()]).await;
    let lucia = server.person("lucia@example.org").await;
    let ana = server.person_as("ana@example.org", Role::Coach, "main").await;
    let berta = server.person_as("berta@example.org", Role::Coach, "main").await;
    for coach in ["ana@example.org", "berta@example.org"] {
        server.assign("lucia@example.org", coach).await;
    }
    let talk = contact(&lucia, "Lucía", "+34600000001").await;
    Practice { server, lucia, ana, berta, talk }
}

impl Practice {
    async fn listen(&self, person: &Person) -> Socket {
        let mut socket = open(&self.server, person).await;
        socket.start().await;
        socket
    }

    async fn read(&self, reader: &Person) -> Answer {
        let answer = reader.post(&format!("/conversations/{}/read", self.talk), json!({})).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer
    }

    async fn newest(&self, reader: &Person) -> Value {
        let page = reader.get(&format!("/conversations/{}/messages?limit=1", self.talk)).await;
        page.body["messages"][0].clone()
    }

    async fn no_answer_needed(&self, who: &Person, body: Value) -> Answer {
        who.post(&format!("/conversations/{}/no-answer-needed", self.talk), body).await
    }

    /// What still waits to be delivered to Lucía's telephone.
    async fn waiting(&self) -> Vec<Value> {
        let body = json!({"contactId": self.talk, "waitMs": 0});
        let fetched = post_signed(&self.server, "/fetch", &body).await;
        fetched.body["deliveries"].as_array().unwrap().clone()
    }
}

async fn unread(person: &Person) -> Value {
    conversation(person).await["unread"].clone()
}

async fn needs_answer(person: &Person) -> Value {
    conversation(person).await["needsAnswer"].clone()
}

#[tokio::test]
async fn what_a_person_writes_is_for_the_team() {
    let practice = practice().await;
    let Practice { lucia, ana, berta, talk, .. } = &practice;
    let mut theirs = practice.listen(ana).await;
    says(lucia, talk, "Me he mareado").await;
    for coach in [ana, berta] {
        let listed = conversation(coach).await;
        assert_eq!((&listed["unread"], &listed["side"]), (&json!(1), &json!("team")));
        assert_eq!(listed["needsAnswer"], true);
    }
    let told = theirs.json().await["data"]["message"].clone();
    assert_eq!((&told["direction"], &told["author"]), (&json!("inbound"), &json!("contact")));
    assert_eq!(told["status"], "delivered");
    let hers = conversation(lucia).await;
    assert_eq!((&hers["unread"], &hers["side"]), (&json!(0), &json!("contact")));
    assert_eq!(practice.waiting().await, [] as [Value; 0], "it does not go to her own telephone");
    assert_eq!(lucia.get("/events").await.body["events"], json!([]));
}

#[tokio::test]
async fn a_coach_still_writes_to_the_telephone() {
    let practice = practice().await;
    let Practice { lucia, ana, berta, talk, .. } = &practice;
    says(ana, talk, "¿Cómo estás?").await;
    let waiting = practice.waiting().await;
    assert_eq!((waiting.len(), &waiting[0]["text"]), (1, &json!("¿Cómo estás?")));
    assert_eq!((unread(lucia).await, unread(berta).await), (json!(1), json!(0)));
}

#[tokio::test]
async fn reading_ones_own_thread_leaves_the_coaches_unread() {
    let practice = practice().await;
    let Practice { server, lucia, ana, berta, talk } = &practice;
    contact_says(server, talk, "w1", "Me he mareado").await;
    practice.read(lucia).await;
    assert_eq!((unread(ana).await, unread(berta).await), (json!(1), json!(1)));
    assert_eq!(practice.newest(ana).await["status"], "delivered");
    assert_eq!(practice.waiting().await, [] as [Value; 0], "nobody of the team has read it");
}

#[tokio::test]
async fn what_one_coach_reads_stays_unread_for_the_other() {
    let practice = practice().await;
    let Practice { server, lucia, ana, berta, talk } = &practice;
    contact_says(server, talk, "w1", "Hola").await;
    let last = contact_says(server, talk, "w2", "Me he mareado").await;
    let mut tabs = Vec::new();
    for person in [ana, lucia, berta] {
        tabs.push(practice.listen(person).await);
    }
    assert_eq!(practice.read(ana).await.body["conversation"]["unread"], 0);
    assert_eq!((unread(ana).await, unread(berta).await), (json!(0), json!(2)));
    assert_eq!(practice.newest(ana).await["status"], "read");
    assert_eq!(practice.newest(berta).await["status"], "delivered");
    assert_eq!(conversation(berta).await["lastMessage"]["status"], "delivered");
    // Ana's other tabs and Lucía, whose message it is, are told; Berta is not.
    let status = json!({"contactId": talk, "messageId": last, "status": "read"});
    for socket in &mut tabs[..2] {
        let told: Vec<Value> = socket.json_up_to_pong().await;
        let told: Vec<&Value> = told.iter().filter(|frame| frame["type"] == "message:status").collect();
        assert_eq!((told.len(), &told[0]["data"]), (1, &status));
    }
    let told = tabs[2].json_up_to_pong().await;
    assert!(told.iter().all(|frame| frame["type"] != "message:status"), "{told:?}");

    contact_says(server, talk, "w3", "¿Hola?").await;
    assert_eq!((unread(ana).await, unread(berta).await), (json!(1), json!(3)));
    practice.read(berta).await;
    assert_eq!((unread(ana).await, unread(berta).await), (json!(1), json!(0)));
    let receipts = practice.waiting().await;
    assert!(receipts.iter().all(|one| one["type"] == "read"), "{receipts:?}");
    assert_eq!(receipts.len(), 2, "one for what was new to the team each time");
}

#[tokio::test]
async fn a_new_coach_begins_where_the_team_is() {
    let practice = practice().await;
    let Practice { server, ana, talk, .. } = &practice;
    contact_says(server, talk, "w1", "Hola").await;
    practice.read(ana).await;
    contact_says(server, talk, "w2", "¿Vienes?").await;
    let carla = server.person_as("carla@example.org", Role::Coach, "main").await;
    server.assign("lucia@example.org", "carla@example.org").await;
    assert_eq!(unread(&carla).await, 1);
    practice.read(&practice.berta).await;
    assert_eq!(unread(&carla).await, 1, "Berta's reading is not Carla's");
}

#[tokio::test]
async fn a_coach_who_is_assigned_again_has_no_old_mark() {
    let practice = practice().await;
    let Practice { server, ana, berta, talk, .. } = &practice;
    contact_says(server, talk, "w1", "Hola").await;
    practice.read(ana).await;
    contact_says(server, talk, "w2", "¿Vienes?").await;
    let ended = server.app().store.write(|write| {
        let read = write.read();
        let lucia = read.account_by_email("lucia@example.org")?.unwrap().id;
        let ana = read.account_by_email("ana@example.org")?.unwrap().id;
        delete_account::end_assignment(write, &lucia, &ana)
    });
    assert!(Result::<bool, latido_domain::store::StoreError>::unwrap(ended.await));
    practice.read(berta).await;
    server.assign("lucia@example.org", "ana@example.org").await;
    assert_eq!(unread(ana).await, 0, "what the team has read meanwhile");
}

#[tokio::test]
async fn what_the_team_writes_is_read_where_the_person_reads_it() {
    let practice = practice().await;
    let Practice { server, lucia, ana, talk, .. } = &practice;
    let first = says(ana, talk, "Bebe agua").await;
    says(ana, talk, "Y descansa").await;
    assert_eq!(unread(lucia).await, 2);
    assert_eq!(report(server, talk, &first, "read").await, StatusCode::NO_CONTENT);
    assert_eq!(unread(lucia).await, 1, "read on the telephone");
    assert_eq!(practice.read(lucia).await.body["conversation"]["unread"], 0);
    assert_eq!(practice.newest(ana).await["status"], "read");
    // The provider's late report takes nothing back.
    let second = practice.newest(ana).await["id"].as_str().unwrap().to_owned();
    assert_eq!(report(server, talk, &second, "delivered").await, StatusCode::NO_CONTENT);
    assert_eq!(practice.newest(ana).await["status"], "read");
}

#[tokio::test]
async fn reading_is_no_answer_and_an_answer_is() {
    let practice = practice().await;
    let Practice { server, lucia, ana, berta, talk } = &practice;
    assert_eq!(needs_answer(ana).await, false);
    contact_says(server, talk, "w1", "Me he mareado").await;
    practice.read(ana).await;
    practice.read(berta).await;
    assert_eq!(needs_answer(berta).await, true);
    let bot = json!({"type": "message", "author": "bot", "contactId": talk, "id": "b1", "text": "Apuntado"});
    assert_eq!(post_signed(server, "/messages", &bot).await.status, StatusCode::OK);
    assert_eq!(needs_answer(berta).await, true, "the assistant is not the team");
    says(lucia, talk, "¿Hay alguien?").await;
    assert_eq!(needs_answer(berta).await, true);
    says(ana, talk, "Voy").await;
    assert_eq!(needs_answer(berta).await, false);
}

#[tokio::test]
async fn what_needs_no_answer_is_said_of_what_was_seen() {
    let practice = practice().await;
    let Practice { server, lucia, ana, berta, talk } = &practice;
    let first = contact_says(server, talk, "w1", "Gracias").await;
    let mut theirs = practice.listen(berta).await;
    let second = contact_says(server, talk, "w2", "Me he mareado").await;
    // Ana has not seen the second when she says it of the first.
    let answer = practice.no_answer_needed(ana, json!({"messageId": first})).await;
    assert_eq!(answer.body["conversation"]["needsAnswer"], true, "{}", answer.text);
    let refused = practice.no_answer_needed(lucia, json!({})).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let answer = practice.no_answer_needed(ana, json!({"messageId": second})).await;
    assert_eq!(answer.body["conversation"]["needsAnswer"], false, "{}", answer.text);
    assert_eq!(needs_answer(berta).await, false);
    let told = theirs.json_up_to_pong().await;
    let told: Vec<&Value> = told.iter().filter(|frame| frame["type"] == "conversation:updated").collect();
    let data = json!({"contactId": talk, "messageId": second, "needsAnswer": false});
    assert_eq!((told.len(), &told[0]["data"]), (1, &data));
    says(lucia, talk, "¿Y?").await;
    assert_eq!(needs_answer(berta).await, true, "what comes later is asked anew");
}

#[tokio::test]
async fn a_coach_without_a_coach_is_the_team_of_the_own_contacts() {
    let practice = practice().await;
    let Practice { server, ana, .. } = &practice;
    let new = json!({"name": "Visita", "channel": "web", "address": "v-1"});
    let made = ana.post("/conversations", new).await;
    assert_eq!(made.body["conversation"]["side"], "team", "{}", made.text);
    let id = made.body["conversation"]["contactId"].as_str().unwrap().to_owned();
    contact_says(server, &id, "w1", "Hola").await;
    says(ana, &id, "¡Buenas!").await;
    let body = json!({"contactId": id, "waitMs": 0});
    let fetched = post_signed(server, "/fetch", &body).await;
    assert_eq!(fetched.body["deliveries"][0]["text"], "¡Buenas!");
}

#[tokio::test]
async fn reading_gives_the_provider_a_receipt_of_its_own_messages() {
    let practice = practice().await;
    let Practice { server, lucia, ana, talk, .. } = &practice;
    contact_says(server, talk, "wamid.1", "Hola").await;
    says(lucia, talk, "Y esto desde la página").await;
    practice.read(ana).await;
    let receipts = practice.waiting().await;
    assert_eq!((receipts.len(), &receipts[0]["providerId"]), (1, &json!("wamid.1")));
}
