use latido_protocol::{
    profile::HealthProfile,
    values::{Language, Units},
};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    i18n::Locale,
    pages::profile::{
        fields::{Merged, Texts, draft, in_units, merge, text_of, texts},
        sheet::Sheet,
        strings::strings,
    },
};

pub fn profile(version: u64, fields: &str) -> HealthProfile {
    let text = format!(
        r#"{{"displayName":"Lucía","units":"metric","timeZone":"Europe/Madrid","language":"es",
        "updatedAt":"2026-11-21T08:00:00Z","version":{version}{fields}}}"#
    );
    serde_json::from_str(&text).unwrap()
}

fn fields(of: &[(&'static str, &str)]) -> Texts {
    of.iter().map(|(name, text)| (*name, (*text).to_owned())).collect()
}

#[wasm_bindgen_test]
fn what_nobody_touched_takes_over_what_is_new() {
    let merged = merge(&fields(&[("a", "1")]), &fields(&[("a", "1")]), &fields(&[("a", "2")]), &[]);
    assert_eq!(merged, Merged { shown: fields(&[("a", "2")]), clashes: Vec::new() });
}

#[wasm_bindgen_test]
fn what_was_typed_stays_while_others_save_other_fields() {
    let filled = fields(&[("a", "1"), ("b", "1")]);
    let saved = fields(&[("a", "1"), ("b", "2")]);
    let merged = merge(&filled, &fields(&[("a", "mine"), ("b", "1")]), &saved, &[]);
    assert_eq!(merged, Merged { shown: fields(&[("a", "mine"), ("b", "2")]), clashes: Vec::new() });
}

#[wasm_bindgen_test]
fn two_who_change_the_same_field_are_asked_until_they_agree() {
    let (filled, mine) = (fields(&[("a", "1")]), fields(&[("a", "mine")]));
    let theirs = fields(&[("a", "theirs")]);
    let merged = merge(&filled, &mine, &theirs, &[]);
    assert_eq!(merged, Merged { shown: mine.clone(), clashes: vec!["a"] });
    // Told again, it is still undecided; and it is over once both say the same.
    assert_eq!(merge(&theirs, &mine, &theirs, &["a"]).clashes, ["a"]);
    assert!(merge(&theirs, &mine, &mine, &["a"]).clashes.is_empty());
}

#[wasm_bindgen_test]
fn what_is_typed_says_the_same_in_other_units() {
    let typed = fields(&[("goalWeightKg", "72,5748"), ("heightCm", "168"), ("dailyStepGoal", "9000")]);
    let imperial = in_units(&typed, Units::Metric, Units::Imperial);
    assert_eq!(
        imperial,
        fields(&[("goalWeightKg", "160"), ("heightCm", "5′ 6.1″"), ("dailyStepGoal", "9000")])
    );
    let half_typed = fields(&[("heightCm", "5 ft")]);
    assert_eq!(in_units(&half_typed, Units::Imperial, Units::Imperial), half_typed);
    let no_number = fields(&[("goalWeightKg", "abc")]);
    assert_eq!(in_units(&no_number, Units::Metric, Units::Imperial), no_number);
}

#[wasm_bindgen_test]
fn what_is_untouched_is_saved_to_the_last_digit_in_any_units() {
    let owner = Owner::new();
    owner.with(|| {
        let metric = profile(1, r#","heightCm":167.333,"goalWeightKg":66.123456"#);
        let mut imperial = metric.clone();
        imperial.units = Units::Imperial;
        let sheet = Sheet::open(Locale::of(Language::En), metric.clone(), 101);
        sheet.receive(&imperial);
        assert_eq!(text_of(&sheet.shown(), "heightCm"), "5′ 5.9″");
        assert!(!untrack(|| sheet.is_changed()));
        let draft = draft(sheet.form(), &sheet.base(), strings(Locale::of(Language::En))).unwrap();
        assert_eq!((draft.height_cm, draft.goal_weight_kg), (metric.height_cm, metric.goal_weight_kg));
        assert_eq!(draft.units, Units::Imperial);
    });
}

#[wasm_bindgen_test]
fn a_clash_is_decided_by_the_person_and_then_saved_over_the_newest() {
    let owner = Owner::new();
    owner.with(|| {
        let sheet = Sheet::open(Locale::of(Language::En), profile(1, r#","dailyStepGoal":8000"#), 102);
        sheet.form().set("dailyStepGoal", "9000".to_owned());
        sheet.receive(&profile(2, r#","dailyStepGoal":10000,"dailyCalorieGoal":2000"#));
        untrack(|| {
            assert_eq!(sheet.clash("dailyStepGoal").as_deref(), Some("10000"));
            assert_eq!(text_of(&sheet.shown(), "dailyStepGoal"), "9000");
            assert_eq!(text_of(&sheet.shown(), "dailyCalorieGoal"), "2000");
            sheet.keep_mine("dailyStepGoal");
            assert!(!sheet.has_clashes() && sheet.is_changed());
        });
        let draft = draft(sheet.form(), &sheet.base(), strings(Locale::of(Language::En))).unwrap();
        assert_eq!(draft.daily_step_goal.map(latido_protocol::values::Steps::get), Some(9000.0));
        assert_eq!(sheet.base().version, 2);
    });
}

#[wasm_bindgen_test]
fn their_value_can_be_taken_and_everything_discarded() {
    let owner = Owner::new();
    owner.with(|| {
        let sheet = Sheet::open(Locale::of(Language::En), profile(1, ""), 103);
        sheet.form().set("displayName", "Lucy".to_owned());
        let mut theirs = profile(2, "");
        theirs.display_name = latido_protocol::values::DisplayName::new("Lulú").unwrap();
        sheet.receive(&theirs);
        untrack(|| {
            sheet.take_theirs("displayName");
            assert_eq!(text_of(&sheet.shown(), "displayName"), "Lulú");
            assert!(!sheet.has_clashes() && !sheet.is_changed());
            sheet.form().set("heightCm", "x".to_owned());
            sheet.discard();
            for (name, text) in texts(&theirs, Units::Metric) {
                assert_eq!(text_of(&sheet.shown(), name), text, "{name}");
            }
        });
    });
}

#[wasm_bindgen_test]
fn what_is_typed_while_it_is_saved_stays_typed() {
    let owner = Owner::new();
    owner.with(|| {
        let sheet = Sheet::open(Locale::of(Language::En), profile(1, ""), 104);
        sheet.form().set("dailyCalorieGoal", "2000,0".to_owned());
        let sent = sheet.shown();
        sheet.form().set("dailyStepGoal", "9".to_owned());
        sheet.saved(&sent, &profile(2, r#","dailyCalorieGoal":2000"#));
        assert_eq!(text_of(&sheet.shown(), "dailyCalorieGoal"), "2000");
        assert_eq!(text_of(&sheet.shown(), "dailyStepGoal"), "9");
        assert!(untrack(|| sheet.is_changed() && !sheet.has_clashes()));
    });
}

#[wasm_bindgen_test]
fn everything_wrong_in_the_profile_is_told_at_its_field() {
    let owner = Owner::new();
    owner.with(|| {
        let sheet = Sheet::open(Locale::of(Language::En), profile(1, ""), 105);
        let wrong =
            [("displayName", " "), ("birthDate", "1850-01-01"), ("heightCm", "3"), ("dailySleepGoalH", "25")];
        for (name, text) in wrong {
            sheet.form().set(name, text.to_owned());
        }
        assert!(draft(sheet.form(), &sheet.base(), strings(Locale::of(Language::En))).is_none());
        for (name, _) in wrong {
            assert_ne!(untrack(|| sheet.form().error(name)), "", "{name}");
        }
    });
}

#[wasm_bindgen_test]
async fn what_is_typed_is_there_when_the_page_comes_back_but_not_for_somebody_else() {
    let locale = Locale::of(Language::En);
    let stage = super::stage();
    let handle = leptos::mount::mount_to(stage.clone(), move || {
        let sheet = Sheet::open(locale, profile(1, ""), 106);
        sheet.keep(106);
        sheet.form().set("displayName", "Half typ".to_owned());
    });
    super::settle(20).await;
    drop(handle);
    let owner = Owner::new();
    owner.with(|| {
        let back = Sheet::open(locale, profile(1, ""), 106);
        assert_eq!(text_of(&back.shown(), "displayName"), "Half typ");
        let somebody_else = Sheet::open(locale, profile(1, ""), 107);
        assert_eq!(text_of(&somebody_else.shown(), "displayName"), "Lucía");
    });
}
