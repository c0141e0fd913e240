//! On a touch screen everything that is pressed is large enough for a finger, and no field makes iOS zoom in.

use latido_e2e::{
    in_chromium,
    journey::Journey,
    page::{List, PATHS, Page, RECORD_PATHS, test_id},
    plug::Plug,
    server::Serve,
    wait::PATIENCE,
};

// Only there a telephone can be pretended.
in_chromium!(everything_pressed_is_at_least_44_px, no_field_is_smaller_than_16_px);

/// The pages at the width of a telephone, one after the other, and what they open.
async fn visit(journey: &Journey, measure: &str) -> Vec<String> {
    let server = journey.serve(Serve::default()).await;
    let plug = Plug::start(1).await;
    let api = server.api().await;
    api.connect("Cabina", plug.url()).await;
    api.eat("Tostada", 200).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    let mut small = Vec::new();
    page.open("/").await;
    journey.browser.resize(390, 844).await;
    journey.browser.touch().await;
    page.open("/").await;
    page.wait_for(&test_id("sign-in-form")).await;
    let is_touch: bool = page.browser.js("return matchMedia('(pointer: coarse)').matches;", &[]).await;
    assert!(is_touch, "this browser pretends to have no touch screen");
    look(&page, "the sign-in page", measure, &mut small).await;
    page.open_live("/").await;
    for path in PATHS {
        page.open(path).await;
        page.wait_for_state("live").await;
        page.wait_until_gone(".skeleton").await;
        look(&page, path, measure, &mut small).await;
    }
    page.open("/equipment").await;
    page.wait_for(&test_id("relay")).await;
    look(&page, "a device", measure, &mut small).await;
    page.open("/conversations").await;
    page.browser.click(&format!("{} a", test_id("conversation-row"))).await;
    page.wait_for(&test_id("message-row")).await;
    look(&page, "a conversation", measure, &mut small).await;
    page.open("/connections").await;
    page.browser.click(&test_id("add-link")).await;
    page.wait_for(&test_id("link-form")).await;
    look(&page, "the form of a connection", measure, &mut small).await;
    page.open("/").await;
    page.browser.click("details.menu summary").await;
    page.wait_for(&test_id("sign-out")).await;
    look(&page, "the settings", measure, &mut small).await;
    for path in RECORD_PATHS {
        page.open(path).await;
        page.wait_for_state("live").await;
        page.browser.click(".segments button:nth-child(3)").await;
        page.wait_for(".day-head").await;
        page.browser.click(&test_id("add")).await;
        page.wait_for("dialog[open] [data-testid=record-form]").await;
        look(&page, &format!("the form of {path}"), measure, &mut small).await;
    }
    page.open("/food").await;
    let row = page.row(List::Food, "Tostada", PATIENCE).await;
    page.delete(List::Food, &row.id).await;
    page.wait_for(&test_id("undo")).await;
    look(&page, "a deletion", measure, &mut small).await;
    small
}

async fn look(page: &Page<'_>, what: &str, measure: &str, small: &mut Vec<String>) {
    let found: Vec<String> = page.browser.js(measure, &[]).await;
    small.extend(found.into_iter().map(|found| format!("{what}: {found}")));
}

async fn everything_pressed_is_at_least_44_px(journey: &Journey) {
    // A field in a label is pressed by the label. A link within a sentence has the height of its line.
    let small = visit(
        journey,
        "
        const pressed = document.querySelectorAll('a[href], button, summary, select, input, textarea');
        return [...pressed]
            .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: false }))
            .filter((element) => !element.closest('p, .skip') && !element.matches(':disabled'))
            .map((element) => [element, (element.matches('input[type=checkbox]') ? element.closest('label') : element).getBoundingClientRect()])
            .filter(([, { width, height }]) => width > 1 && (width < 43.5 || height < 43.5))
            .map(([element, { width, height }]) =>
                `${element.tagName} .${element.getAttribute('class')} ${element.textContent.slice(0, 30)} ${width}×${height}`);",
    )
    .await;
    assert!(small.is_empty(), "{}", small.join("\n"));
}

async fn no_field_is_smaller_than_16_px(journey: &Journey) {
    let small = visit(
        journey,
        "
        return [...document.querySelectorAll('input:not([type=checkbox]), select, textarea')]
            .filter((field) => field.checkVisibility() && parseFloat(getComputedStyle(field).fontSize) < 16)
            .map((field) => `${field.tagName} ${field.name || field.dataset.testid} ${getComputedStyle(field).fontSize}`);",
    )
    .await;
    assert!(small.is_empty(), "{}", small.join("\n"));
}
