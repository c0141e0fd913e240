use latido_protocol::values::{Language, Meal};
use leptos::{mount::mount_to, prelude::*, wasm_bindgen::JsCast};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlDialogElement, HtmlElement, HtmlInputElement};

use super::{list_of, records::food, settle, stage, text_of};
use crate::{
    api::Api,
    browser::{
        day::Day,
        period::{Period, Span},
    },
    config::Config,
    data::{
        mutations::Writes,
        queries::{
            Queries,
            list::{Extent, List},
            record::{AnyRecord, RecordKind},
        },
    },
    features::{
        people::SelectedPerson,
        records::{
            editing::Editing,
            filter::{FilterBar, RecordFilter},
            record_dialog::RecordDialog,
            rows::Rows,
            shown::ShownRecords,
            undo::{DeletedRecords, UndoNote},
        },
    },
    i18n::Locale,
    ui::view::reactive,
};

/// A list in English as a page of foods shows it, with what stands around it.
struct Page {
    stage: HtmlElement,
    list: List,
    filter: RwSignal<RecordFilter>,
    editing: RwSignal<Option<Editing>>,
    /// Makes the rows anew, as another unit or time zone does.
    anew: ArcTrigger,
    _mounted: Box<dyn std::any::Any>,
}

async fn page(list: List, span: Span) -> Page {
    crate::browser::storage::tab::clear();
    let stage = stage();
    let (filter, editing) = (RwSignal::new(RecordFilter::default()), RwSignal::new(None));
    let (shown_list, anew) = (list.clone(), ArcTrigger::new());
    let followed = anew.clone();
    let mounted = mount_to(stage.clone(), move || {
        let api = Api::new(&Config::read());
        let queries = Queries::new(api.clone());
        provide_context(Writes::new(&api, &queries));
        provide_context(queries);
        provide_context(api);
        provide_context(Locale::of(Language::En));
        SelectedPerson::provide();
        DeletedRecords::provide();
        let period = Period { span, last: Day::of(food("Last", Meal::Lunch, 40).logged_at) };
        let shown = ShownRecords { kind: RecordKind::Food, period, filter, editing, can_change: true };
        let rows = reactive(move || {
            followed.track();
            view! { <Rows shown list=shown_list.clone()/> }.into_any()
        });
        view! {
            <FilterBar kind=RecordKind::Food filter/>
            {rows}
            <RecordDialog editing/>
            <UndoNote/>
        }
    });
    settle(30).await;
    Page { stage, list, filter, editing, anew, _mounted: Box::new(mounted) }
}

impl Page {
    fn count(&self, selector: &str) -> u32 {
        self.stage.query_selector_all(selector).unwrap().length()
    }

    fn click(&self, selector: &str) {
        let element = self.stage.query_selector(selector).unwrap();
        element.unwrap_or_else(|| panic!("no {selector}")).unchecked_into::<HtmlElement>().click();
    }

    fn field(&self, name: &str) -> HtmlInputElement {
        let element = self.stage.query_selector(&format!("form [name={name}]")).unwrap();
        element.unwrap_or_else(|| panic!("no field {name}")).unchecked_into()
    }

    fn type_into(&self, name: &str, text: &str) {
        let field = self.field(name);
        field.set_value(text);
        field.dispatch_event(&web_sys::Event::new("input").unwrap()).unwrap();
    }
}

fn foods(count: i64) -> List {
    list_of((0..count).map(|day| AnyRecord::Food(food(&format!("Dish {day}"), Meal::Lunch, day))).collect())
}

#[wasm_bindgen_test]
async fn list_shows_skeleton_while_loading() {
    let list = foods(0);
    list.rows.set(None);
    let page = page(list, Span::Day).await;
    assert_eq!((page.count(".skeleton"), page.count(".row"), page.count(".empty")), (1, 0, 0));
    page.list.rows.set(Some(Vec::new()));
    settle(30).await;
    assert_eq!((page.count(".skeleton"), page.count(".empty")), (0, 1), "and then why there are none");
}

#[wasm_bindgen_test]
async fn empty_search_can_be_cleared() {
    let page = page(foods(3), Span::Day).await;
    page.filter.set(RecordFilter { words: "soup".to_owned(), of: String::new() });
    settle(30).await;
    assert_eq!(page.count(".row"), 0);
    page.click(".empty button");
    settle(30).await;
    assert_eq!(page.count(".row"), 3);
}

#[wasm_bindgen_test]
async fn each_day_has_a_heading_with_sums() {
    let page = page(foods(3), Span::Month).await;
    assert_eq!(page.count(".day-head"), 3);
    assert!(text_of(&page.stage, ".day-head").contains("102"), "{}", text_of(&page.stage, ".day-head"));
}

/// A row that goes makes its record forget it; the row that takes its place follows the same record.
#[wasm_bindgen_test]
async fn rebuilt_rows_still_follow_their_records() {
    let page = page(foods(2), Span::Day).await;
    for (turn, name) in ["Soup", "Stew"].into_iter().enumerate() {
        page.anew.notify();
        settle(30).await;
        let record = page.list.rows.with_untracked(|rows| rows.as_ref().unwrap()[0].record.clone());
        record.set(AnyRecord::Food(food(name, Meal::Lunch, 1)));
        settle(30).await;
        assert_eq!(text_of(&page.stage, ".row .row-main > :first-child"), name, "after {turn} turns more");
    }
}

#[wasm_bindgen_test]
async fn pending_row_is_marked() {
    let page = page(foods(1), Span::Day).await;
    assert_eq!(page.count(".row[data-pending=false]"), 1);
    page.list.rows.with_untracked(|rows| rows.as_ref().unwrap()[0].pending.set(true));
    settle(30).await;
    assert_eq!(page.count(".row[data-pending=true]"), 1);
}

#[wasm_bindgen_test]
async fn long_list_renders_only_near_rows() {
    let page = page(foods(400), Span::Day).await;
    settle(60).await;
    let elements = page.count(".row");
    assert!((1..150).contains(&elements), "{elements}");
    assert_eq!(page.count(".rows[data-windowed=true]"), 1);
}

#[wasm_bindgen_test]
async fn a_rows_buttons_name_their_record() {
    let page = page(foods(1), Span::Day).await;
    let label = |button: &str| {
        let button = page.stage.query_selector(&format!(".row [data-testid={button}]")).unwrap().unwrap();
        button.get_attribute("aria-label").unwrap()
    };
    assert!(label("edit").ends_with("Dish 0"), "{}", label("edit"));
    assert!(label("delete").ends_with("Dish 0"), "{}", label("delete"));
}

#[wasm_bindgen_test]
async fn edits_in_row_until_escape() {
    let page = page(foods(2), Span::Day).await;
    page.click(".row [data-testid=edit]");
    settle(60).await;
    assert_eq!((page.count(".row form"), page.count("dialog[open]")), (1, 0));
    assert_eq!(page.field("name").value(), "Dish 1");
    assert_eq!(document().active_element(), Some(page.field("name").unchecked_into()));
    let init = web_sys::KeyboardEventInit::new();
    init.set_key("Escape");
    init.set_bubbles(true);
    for (is_composing, forms) in [(true, 1), (false, 0)] {
        init.set_is_composing(is_composing);
        let escape = web_sys::KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
        page.field("name").dispatch_event(&escape).unwrap();
        settle(60).await;
        assert_eq!(page.count("form"), forms, "composing {is_composing}");
    }
    let focused = document().active_element().unwrap();
    assert_eq!(focused.get_attribute("data-testid").as_deref(), Some("edit"), "the keyboard goes on there");
}

#[wasm_bindgen_test]
async fn removed_row_moves_its_form_to_dialog() {
    let page = page(foods(2), Span::Day).await;
    page.click(".row [data-testid=edit]");
    settle(60).await;
    page.type_into("name", "Dish of many words");
    settle(30).await;
    page.list.rows.update(|rows| drop(rows.as_mut().unwrap().remove(0)));
    settle(60).await;
    assert_eq!((page.count(".row form"), page.count("dialog[open] form")), (0, 1));
    assert_eq!(page.field("name").value(), "Dish of many words");
    page.editing.set(None);
    settle(30).await;
    assert_eq!(page.count("dialog[open]"), 0);
}

#[wasm_bindgen_test]
async fn escape_keeps_text_and_cancel_drops_it() {
    let page = page(foods(1), Span::Day).await;
    let new = Editing::New { kind: RecordKind::Food, at: food("Any", Meal::Lunch, 40).logged_at };
    let open = async || {
        page.editing.set(Some(new.clone()));
        settle(60).await;
        page.field("name").value()
    };
    let escape = async || {
        // What the browser does then.
        let dialog = page.stage.query_selector("dialog").unwrap().unwrap();
        dialog.unchecked_into::<HtmlDialogElement>().close();
        settle(60).await;
        assert!(page.editing.with_untracked(Option::is_none));
    };
    assert_eq!(open().await, "");
    page.type_into("name", "Half typed");
    settle(30).await;
    escape().await;
    assert_eq!(open().await, "Half typed");
    escape().await;
    assert_eq!(open().await, "Half typed", "nothing was changed, and nothing is lost");
    page.click("dialog .form-end [type=button]");
    settle(60).await;
    assert_eq!(open().await, "");
}

#[wasm_bindgen_test]
async fn open_form_blocks_other_rows() {
    let page = page(foods(2), Span::Day).await;
    page.click(".row:first-child [data-testid=edit]");
    settle(60).await;
    page.type_into("name", "Half typed");
    page.click(".row:last-child [data-testid=edit]");
    settle(60).await;
    assert_eq!(page.count("form"), 1);
    assert_eq!(page.field("name").value(), "Half typed");
}

#[wasm_bindgen_test]
async fn long_list_edits_in_a_dialog() {
    let page = page(foods(400), Span::Day).await;
    page.click(".row [data-testid=edit]");
    settle(60).await;
    assert_eq!((page.count(".row form"), page.count("dialog[open] form")), (0, 1));
}

#[wasm_bindgen_test]
async fn announces_new_rows_but_not_pages() {
    let list = foods(2);
    list.extent.set(Extent::Coming);
    let page = page(list, Span::Day).await;
    let set = |count: i64| {
        let rows = foods(count).rows.get_untracked();
        page.list.rows.set(rows);
    };
    set(4);
    page.list.extent.set(Extent::Whole);
    settle(1100).await;
    assert_eq!(text_of(&page.stage, "p[role=status].sr-only"), "");
    set(5);
    settle(10).await;
    set(7);
    settle(1100).await;
    assert_eq!(text_of(&page.stage, "p[role=status].sr-only"), "There are 3 new entries");
}

#[wasm_bindgen_test]
async fn a_deletion_is_offered_back() {
    let page = page(foods(2), Span::Day).await;
    page.click(".row [data-testid=delete]");
    settle(60).await;
    assert!(text_of(&page.stage, ".toast").contains("Dish 1"), "{}", text_of(&page.stage, ".toast"));
    page.click("[data-testid=undo]");
    settle(60).await;
    assert_eq!(text_of(&page.stage, ".toast"), "");
}
