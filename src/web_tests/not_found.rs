use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::house::{House, en};
use crate::pages::not_found::NotFound;

#[wasm_bindgen_test]
async fn an_address_without_a_page_says_so_and_leads_home() {
    let mut house = House::new();
    house.location.go("/nowhere");
    house.show(|| view! { <NotFound/> }.into_any()).await;
    let later = en().later();
    assert_eq!(
        (house.text("h1"), house.text("p")),
        (later.not_found.to_owned(), later.not_found_hint.to_owned())
    );
    assert_eq!(house.text("a"), later.to_the_overview);
    house.click("a").await;
    assert_eq!(window().location().pathname().unwrap(), "/");
}
