use std::{cell::RefCell, rc::Rc};

use latido_protocol::values::Language;
use leptos::{
    mount::mount_to,
    prelude::*,
    wasm_bindgen::{JsCast, closure::Closure},
};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{
    Element, HtmlElement, KeyboardEvent, KeyboardEventInit, MutationObserver, MutationObserverInit,
    MutationRecord, PointerEvent, PointerEventInit,
};

use super::{settle, stage, text_of};
use crate::{
    browser::day::Day,
    i18n::Locale,
    ui::chart::{Chart, ChartData, Range, Series},
};

/// Until what was measured or changed is drawn.
const DRAWN_MS: u32 = 60;

fn weights(values: &[f64]) -> ChartData {
    ChartData {
        first: Day::from_input("2026-11-19").unwrap(),
        series: Series::Line {
            values: values.iter().map(|value| (*value > 0.0).then_some(*value)).collect(),
            window: 7,
        },
        goal: None,
        least_span: 2.0,
    }
}

struct ShownChart {
    stage: HtmlElement,
    data: RwSignal<ChartData>,
    _mounted: Box<dyn std::any::Any>,
}

/// A chart of 400 by 240 pixels, so that a unit is a pixel.
async fn show_in(language: Language, names: Vec<&'static str>, data: ChartData) -> ShownChart {
    let stage = stage();
    stage.set_attribute("style", "width: 400px").unwrap();
    let sheet = document().create_element("style").unwrap();
    sheet.set_text_content(Some(include_str!("../../style/charts.css")));
    stage.append_child(&sheet).unwrap();
    let data = RwSignal::new(data);
    let mounted = mount_to(stage.clone(), move || {
        provide_context(Locale::of(language));
        view! { <Chart title="Peso" unit="kg" names data/> }
    });
    settle(DRAWN_MS).await;
    ShownChart { stage, data, _mounted: Box::new(mounted) }
}

async fn show(data: ChartData) -> ShownChart {
    show_in(Language::Es, vec!["Peso"], data).await
}

impl ShownChart {
    fn all(&self, selector: &str) -> Vec<Element> {
        let found = self.stage.query_selector_all(selector).unwrap();
        (0..found.length()).map(|place| found.item(place).unwrap().unchecked_into()).collect()
    }

    fn one(&self, selector: &str) -> Element {
        let mut found = self.all(selector);
        assert_eq!(found.len(), 1, "{selector}");
        found.remove(0)
    }

    fn texts(&self, selector: &str) -> Vec<String> {
        self.all(selector).iter().map(|element| element.text_content().unwrap_or_default()).collect()
    }

    /// The day that the key speaks of, and its numbers.
    fn read_out(&self) -> (String, Vec<String>) {
        (text_of(&self.stage, ".chart-when"), self.texts(".chart-key dd"))
    }

    fn attribute(&self, selector: &str, name: &str) -> String {
        self.one(selector).get_attribute(name).unwrap_or_default()
    }

    async fn press(&self, key: &str) -> bool {
        let init = KeyboardEventInit::new();
        init.set_key(key);
        init.set_cancelable(true);
        let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
        let handled = !self.one("[role=slider]").dispatch_event(&event).unwrap();
        settle(DRAWN_MS).await;
        handled
    }

    /// Moves a mouse to so many pixels from the plot's left edge, or away from it.
    async fn pointer(&self, kind: &str, x: i32) {
        let plot = self.one("[role=slider]");
        let init = PointerEventInit::new();
        let left = js_sys::Reflect::get(&plot, &"offsetLeft".into()).unwrap().as_f64().unwrap();
        init.set_client_x(left as i32 + x);
        init.set_pointer_type("mouse");
        let event = PointerEvent::new_with_event_init_dict(kind, &init).unwrap();
        plot.dispatch_event(&event).unwrap();
        settle(DRAWN_MS).await;
    }
}

#[wasm_bindgen_test]
async fn empty_chart_says_so_without_focus() {
    for (language, words) in
        [(Language::Es, "Sin datos en estas fechas"), (Language::En, "No data in this period")]
    {
        let shown = show_in(language, vec!["Peso"], weights(&[0.0, 0.0])).await;
        assert_eq!(text_of(&shown.stage, ".chart-empty"), words);
        assert_eq!(shown.read_out(), (String::new(), vec!["–".to_owned(), "–".to_owned()]));
        assert!(shown.all("[tabindex], details").is_empty());
    }
}

#[wasm_bindgen_test]
async fn an_empty_series_is_no_error() {
    let shown = show(weights(&[])).await;
    assert_eq!(shown.texts(".chart-empty").len(), 1);
}

#[wasm_bindgen_test]
async fn single_value_is_a_readable_dot() {
    let shown = show(weights(&[0.0, 70.4, 0.0])).await;
    assert_eq!(shown.read_out(), ("vie, 20 nov".to_owned(), vec!["70,4".to_owned(), "70,4".to_owned()]));
    let dot = shown.attribute(".chart-dots[d^=M]", "d");
    assert_eq!((dot.matches('M').count(), dot.matches("h0").count()), (1, 1), "{dot}");
    assert_eq!(shown.attribute("[role=slider]", "aria-valuenow"), "1");
}

#[wasm_bindgen_test]
async fn many_values_fit_the_width() {
    let values: Vec<f64> = (0..365).map(|day| 70.0 + f64::from(day % 9)).collect();
    let shown = show(weights(&values)).await;
    assert_eq!(shown.attribute(".chart-plot svg", "viewBox"), "0 0 400 240");
    let days = shown.texts(".chart-day");
    assert!((3..=7).contains(&days.len()), "{days:?}");
    assert_eq!(days.last().map(String::as_str), Some("18 nov"), "a year later, less a day");
    shown.stage.set_attribute("style", "width: 800px").unwrap();
    settle(DRAWN_MS).await;
    assert_eq!(shown.attribute(".chart-plot svg", "viewBox"), "0 0 800 240");
    assert!(shown.texts(".chart-day").len() > days.len());
}

#[wasm_bindgen_test]
async fn gap_breaks_line_not_average() {
    let shown = show(weights(&[70.0, 71.0, 0.0, 0.0, 70.5, 70.0])).await;
    assert_eq!(shown.attribute("svg .chart-line[d^=M]", "d").matches('M').count(), 2);
    assert_eq!(shown.attribute("svg .chart-average[d^=M]", "d").matches('M').count(), 1);
}

#[wasm_bindgen_test]
async fn keys_move_the_cursor_from_value_to_value() {
    let shown = show(weights(&[70.0, 0.0, 71.0, 72.0])).await;
    let day = |shown: &ShownChart| shown.read_out().1[0].clone();
    assert_eq!(day(&shown), "72", "the latest, before anything is pressed");
    assert!(shown.all(".chart-guide[d^=M]").is_empty());
    for (key, value) in [
        ("ArrowLeft", "71"),
        ("ArrowLeft", "70"),
        ("ArrowLeft", "70"),
        ("ArrowRight", "71"),
        ("End", "72"),
        ("Home", "70"),
        ("Escape", "72"),
    ] {
        shown.press(key).await;
        assert_eq!(day(&shown), value, "{key}");
    }
    assert!(shown.all(".chart-guide[d^=M]").is_empty());
    assert!(!shown.press("Tab").await, "other keys are left to the page");
    assert!(shown.press("Home").await, "the page does not scroll away");
    assert_eq!(shown.all(".chart-guide[d^=M]").len(), 1);
    assert_eq!(
        shown.attribute("[role=slider]", "aria-valuetext"),
        "jueves, 19 de noviembre: Peso 70 kg, Media de 7 días 70 kg"
    );
}

#[wasm_bindgen_test]
async fn pointer_reads_nearest_value() {
    let shown = show(weights(&[70.0, 0.0, 71.0, 72.0])).await;
    shown.pointer("pointermove", 60).await;
    assert_eq!(shown.read_out().1[0], "70");
    shown.pointer("pointermove", 260).await;
    assert_eq!(shown.read_out().1[0], "71");
    shown.pointer("pointerleave", 260).await;
    assert_eq!(shown.read_out().1[0], "72");
    assert!(shown.all(".chart-cursor path[d^=M]").is_empty());
}

#[wasm_bindgen_test]
async fn a_new_value_arrives_and_moves_nothing_else() {
    let shown = show(weights(&[69.0, 72.0, 0.0])).await;
    let (plot, dots) = (shown.one("[role=slider]"), shown.one(".chart-dots[d^=M]"));
    let drawn_before = dots.get_attribute("d");
    assert!(shown.all(".chart-fresh path[d^=M]").is_empty());
    shown.data.set(weights(&[69.0, 72.0, 71.5]));
    settle(DRAWN_MS).await;
    assert_eq!(shown.attribute(".chart-fresh .chart-dots[d^=M]", "d").matches('M').count(), 1);
    assert!(shown.one("[role=slider]").is_same_node(Some(&plot)), "the focus would be lost");
    assert_eq!(dots.get_attribute("d"), drawn_before);
    assert!(dots.is_connected());
    assert_eq!(shown.read_out().1[0], "71,5");

    let first_turn = shown.attribute(".chart-fresh", "class");
    shown.data.set(weights(&[69.0, 72.0, 71.7]));
    settle(DRAWN_MS).await;
    assert_ne!(shown.attribute(".chart-fresh", "class"), first_turn, "the next one moves as well");
}

#[wasm_bindgen_test]
async fn an_update_writes_only_what_it_changes() {
    let mut values: Vec<f64> = (0..90).map(|day| 69.0 + f64::from(day % 4)).collect();
    values[88] = 0.0;
    let shown = show(weights(&values)).await;
    let written = Rc::new(RefCell::new(Vec::new()));
    let note = {
        let written = written.clone();
        Closure::<dyn FnMut(js_sys::Array)>::new(move |records: js_sys::Array| {
            for record in records {
                let record: MutationRecord = record.unchecked_into();
                assert_eq!(record.type_(), "attributes", "no element comes or goes");
                let element: Element = record.target().unwrap().unchecked_into();
                let class = element.get_attribute("class").unwrap_or_default();
                written.borrow_mut().push(format!("{class} {}", record.attribute_name().unwrap()));
            }
        })
    };
    let observer = MutationObserver::new(note.as_ref().unchecked_ref()).unwrap();
    let all = MutationObserverInit::new();
    all.set_attributes(true);
    all.set_child_list(true);
    all.set_subtree(true);
    observer.observe_with_options(&shown.one("svg"), &all).unwrap();

    values[88] = 70.0;
    shown.data.set(weights(&values));
    settle(DRAWN_MS).await;
    let mut written = written.borrow().clone();
    written.sort();
    assert_eq!(written, ["chart-average d", "chart-dots d", "chart-fresh again class", "chart-line d",]);
    observer.disconnect();
}

#[wasm_bindgen_test]
async fn the_first_value_replaces_the_empty_state() {
    let shown = show(weights(&[0.0, 0.0])).await;
    shown.data.set(weights(&[0.0, 70.0]));
    settle(DRAWN_MS).await;
    assert!(shown.all(".chart-empty").is_empty());
    assert_eq!(shown.attribute("[role=slider]", "aria-valuenow"), "1");
    assert_eq!(shown.all(".chart-dots[d^=M]").len(), 1);
}

#[wasm_bindgen_test]
async fn table_matches_and_follows_the_chart() {
    let shown = show(weights(&[70.0, 0.0, 71.0])).await;
    assert!(shown.all("table").is_empty(), "a closed table costs nothing");
    shown.one("details").set_attribute("open", "").unwrap();
    settle(DRAWN_MS).await;
    assert_eq!(shown.texts("thead th"), ["Día", "Pesokg", "Media de 7 díaskg"]);
    assert_eq!(shown.texts("tbody th"), ["sábado, 21 de noviembre", "jueves, 19 de noviembre"]);
    assert_eq!(shown.texts("tbody td"), ["71", "70,5", "70", "70"]);
    shown.data.set(weights(&[70.0, 72.0, 71.0]));
    settle(DRAWN_MS).await;
    assert_eq!(shown.texts("tbody td"), ["71", "71", "72", "71", "70", "70"]);
}

#[wasm_bindgen_test]
async fn stacked_parts_are_read_out_with_their_total() {
    let data = ChartData {
        first: Day::from_input("2026-11-20").unwrap(),
        series: Series::Stacked { parts: vec![vec![10.0, 20.0], vec![30.0, 40.0]] },
        goal: Some(55.0),
        least_span: 10.0,
    };
    let shown = show_in(Language::En, vec!["Protein", "Carbs"], data).await;
    assert_eq!(shown.texts(".chart-key dt"), ["Protein", "Carbs", "Total", "Goal"]);
    assert_eq!(shown.read_out(), ("Sat, Nov 21".to_owned(), ["20", "40", "60", "55"].map(Into::into).into()));
    assert_eq!(shown.attribute("svg .chart-part.first[d^=M]", "d").matches('z').count(), 2);
    assert_eq!(shown.all("svg .chart-goal[d^=M]").len(), 1);
    shown.press("ArrowLeft").await;
    assert_eq!(shown.read_out().1, ["10", "30", "40", "55"]);
    assert_eq!(shown.all(".chart-band[d^=M]").len(), 1);
}

#[wasm_bindgen_test]
async fn ranges_are_read_out_from_both_ends() {
    let range = |low, high| Some(Range { low, high, mid: None });
    let data = ChartData {
        first: Day::from_input("2026-11-20").unwrap(),
        series: Series::Ranges { values: vec![range(76.0, 118.0), range(81.0, 124.0)] },
        goal: None,
        least_span: 20.0,
    };
    let shown = show_in(Language::Es, vec!["Sistólica", "Diastólica"], data).await;
    assert_eq!(shown.texts(".chart-key dt"), ["Sistólica", "Diastólica"]);
    assert_eq!(shown.read_out().1, ["124", "81"]);
    assert_eq!(shown.attribute("svg .chart-span[d^=M]", "d").matches('V').count(), 2);
    shown.press("Home").await;
    assert_eq!(
        shown.attribute("[role=slider]", "aria-valuetext"),
        "viernes, 20 de noviembre: Sistólica 118 kg, Diastólica 76 kg"
    );
}

#[wasm_bindgen_test]
async fn numbers_that_are_none_draw_nothing() {
    let mut data = weights(&[70.0, 0.0, 71.0]);
    data.series = Series::Line { values: vec![Some(70.0), Some(f64::NAN), Some(f64::INFINITY)], window: 7 };
    let shown = show(data).await;
    assert_eq!(shown.read_out().1, ["70", "70"]);
    for path in shown.all("svg path") {
        let drawn = path.get_attribute("d").unwrap_or_default();
        assert!(!drawn.contains("NaN") && !drawn.contains("inf"), "{drawn}");
    }
}
