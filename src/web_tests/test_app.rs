//! What stands around every view, as in `app.rs`, for tests of views that ask a server or write to it.

use latido_protocol::food::FoodLog;
use latido_protocol::{
    id::Id,
    session::User,
    time::Timestamp,
    values::{Calories, DisplayName, FoodName, Grams, Language, Meal},
};
use latido_realtime::SocketAuth;
use leptos::{mount::mount_to, prelude::*, wasm_bindgen::JsCast};
use web_sys::{Element, HtmlElement, HtmlInputElement};

use super::{
    fake_server::{BASE, Server},
    records::food,
    settle, stage,
};
use crate::{
    api::{Api, session::SignedIn},
    browser::{response_cache, router::Location, storage},
    config::Config,
    data::{mutations::Writes, queries::Queries},
    features::{people::SelectedPerson, records::undo::DeletedRecords},
    i18n::{LanguageChoice, Locale},
    shell::sign_in::Credentials,
    ui::view::reactive,
};

thread_local! {
    /// Followed once, as in the app: its listeners take the clicks on links for as long as the page lives.
    static LOCATION: (Owner, Location) = {
        let owner = Owner::new();
        let location = owner.with(Location::follow);
        (owner, location)
    };
}

/// English, as the texts that a view should show.
pub fn en() -> Locale {
    Locale::of(Language::En)
}

/// Everything that views find in their contexts, a server, and a place in the document.
pub struct TestApp {
    pub stage: HtmlElement,
    pub server: Server,
    pub api: Api,
    pub queries: Queries,
    pub writes: Writes,
    pub language: RwSignal<Language>,
    pub location: Location,
    mounted: Option<Box<dyn std::any::Any>>,
}

impl TestApp {
    /// In English; nobody is signed in, and no server answers.
    pub fn new() -> Self {
        storage::remove("latido.session");
        once("latidoResponses", include_str!("../../public/response-cache.js"));
        once("latidoOutbox", include_str!("../../public/outbox.js"));
        // What a test that failed has left behind would fail the next ones too.
        while let Ok(Some(left)) = document().query_selector("[data-test-app]") {
            left.remove();
        }
        let stage = stage();
        stage.set_attribute("data-test-app", "").unwrap();
        let server = Server::new();
        let api = Api::new(&Config {
            socket_url: None,
            socket_auth: SocketAuth::Ticket,
            socket_timing: None,
            api_url: BASE.to_owned(),
        });
        let queries = Queries::new(api.clone());
        let writes = Writes::new(&api, &queries);
        let location = LOCATION.with(|(_, location)| *location);
        let language = RwSignal::new(Language::En);
        Self { stage, server, api, queries, writes, language, location, mounted: None }
    }

    /// Somebody with this role is signed in.
    pub async fn for_a(role: &str) -> Self {
        let app = Self::new();
        app.server.lets_in(&user(role));
        app.api.session().token(None).await.unwrap();
        app
    }

    /// Shows a view, in whichever language is chosen.
    pub async fn show(&mut self, view: impl Fn() -> AnyView + Clone + Send + 'static) {
        let (api, queries, writes) = (self.api.clone(), self.queries.clone(), self.writes.clone());
        let (language, location) = (self.language, self.location);
        let mounted = mount_to(self.stage.clone(), move || {
            provide_context(api);
            provide_context(queries);
            provide_context(writes);
            provide_context(location);
            provide_context(LanguageChoice(language));
            Credentials::provide();
            SelectedPerson::provide();
            DeletedRecords::provide();
            reactive(move || {
                provide_context(Locale::of(language.get()));
                // As in the app, a language is a tree of its own.
                reactive(view.clone())
            })
        });
        self.mounted = Some(Box::new(mounted));
        settle(30).await;
    }

    pub fn signed_in(&self) -> SignedIn {
        self.api.session().signed_in().get_untracked()
    }

    pub fn all(&self, selector: &str) -> Vec<Element> {
        let found = self.stage.query_selector_all(selector).unwrap();
        (0..found.length()).filter_map(|place| found.get(place)).map(JsCast::unchecked_into).collect()
    }

    pub fn count(&self, selector: &str) -> usize {
        self.all(selector).len()
    }

    pub fn one(&self, selector: &str) -> HtmlElement {
        let found = self.stage.query_selector(selector).unwrap();
        found.unwrap_or_else(|| panic!("no {selector} in {}", self.stage.inner_html())).unchecked_into()
    }

    pub fn text(&self, selector: &str) -> String {
        self.one(selector).text_content().unwrap_or_default().trim().to_owned()
    }

    pub fn texts(&self, selector: &str) -> Vec<String> {
        self.all(selector)
            .iter()
            .map(|one| one.text_content().unwrap_or_default().trim().to_owned())
            .collect()
    }

    pub fn attribute(&self, selector: &str, name: &str) -> String {
        self.one(selector).get_attribute(name).unwrap_or_default()
    }

    /// What is in a field, or chosen.
    pub fn value(&self, selector: &str) -> String {
        // Of every kind of field, by the name of its property.
        js_sys::Reflect::get(&self.one(selector), &"value".into()).unwrap().as_string().unwrap_or_default()
    }

    /// Presses it, and lets follow what follows.
    pub async fn click(&self, selector: &str) {
        self.one(selector).click();
        settle(40).await;
    }

    pub async fn type_into(&self, selector: &str, text: &str) {
        self.enter(selector, text, "input").await;
    }

    pub async fn choose(&self, selector: &str, value: &str) {
        self.enter(selector, value, "change").await;
    }

    async fn enter(&self, selector: &str, value: &str, event: &str) {
        let field = self.one(selector);
        js_sys::Reflect::set(&field, &"value".into(), &value.into()).unwrap();
        field.dispatch_event(&web_sys::Event::new(event).unwrap()).unwrap();
        settle(30).await;
    }

    pub fn has_focus(&self, selector: &str) -> bool {
        document().active_element().is_some_and(|focused| focused == *self.one(selector))
    }

    pub fn is_disabled(&self, selector: &str) -> bool {
        self.one(selector).unchecked_into::<HtmlInputElement>().disabled()
    }

    /// What is shown goes; the server and what the page remembers stay.
    pub fn leave(&mut self) {
        self.mounted = None;
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.mounted = None;
        self.writes.stop();
        self.queries.clear();
        self.stage.remove();
        self.location.go("/");
        storage::tab::clear();
        for key in
            ["latido.session", "latido.leaving", "latido.language", "latido.language.account", "latido.theme"]
        {
            storage::remove(key);
        }
        response_cache::clear();
    }
}

/// What `public/shell.js` does for every page: Escape, keys, and what is typed and not sent.
pub fn with_the_shell() {
    once("latidoReload", include_str!("../../public/shell.js"));
}

/// A script of the page, unless what it makes is there.
fn once(makes: &str, script: &str) {
    js_sys::eval(&format!("window.{makes} ?? (() => {{ {script} }})()")).unwrap();
}

pub fn user(role: &str) -> User {
    User { id: Id::new("u1"), name: DisplayName::new("Lucía").unwrap(), role: role.to_owned() }
}

/// Something that was eaten at this time.
pub fn eaten(name: &str, kcal: f64, at: Timestamp) -> FoodLog {
    FoodLog {
        id: Id::new(format!("{name}-{}", at.unix_ms())),
        logged_at: at,
        name: FoodName::new(name).unwrap(),
        calories: Calories::new(kcal).unwrap(),
        protein_g: Grams::new(10.0).unwrap(),
        ..food(name, Meal::Lunch, 0)
    }
}

/// The answer that holds these, and says where there are more.
pub fn foods(records: &[FoodLog], next: Option<&str>) -> String {
    serde_json::json!({ "foodLogs": records, "nextCursor": next }).to_string()
}
