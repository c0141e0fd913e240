use latido_protocol::{
    profile::HealthProfile,
    values::{Language, Units},
};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    features::profile::{
        fields::{Merged, ProfileTexts, Written, draft, merge, rewritten, text_of, texts},
        sheet::Sheet,
        strings::strings,
    },
    i18n::Locale,
    ui::typed::FormStore,
};

pub fn profile(version: u64, fields: &str) -> HealthProfile {
    let text = format!(
        r#"{{"displayName":"Lucía","units":"metric","timeZone":"Europe/Madrid","language":"es",
        "updatedAt":"2026-11-21T08:00:00Z","version":{version}{fields}}}"#
    );
    serde_json::from_str(&text).unwrap()
}

fn english(units: Units) -> Written {
    Written { units, language: Language::En }
}

fn fields(of: &[(&'static str, &str)]) -> ProfileTexts {
    of.iter().map(|(name, text)| (*name, (*text).to_owned())).collect()
}

/// One a test, and one more for somebody else.
fn store(number: u32) -> FormStore {
    FormStore::of(&format!("profile-{number}"))
}

#[wasm_bindgen_test]
fn what_nobody_touched_takes_over_what_is_new() {
    let merged = merge(&fields(&[("a", "1")]), &fields(&[("a", "1")]), &fields(&[("a", "2")]), &[]);
    assert_eq!(merged, Merged { shown: fields(&[("a", "2")]), clashes: Vec::new() });
}

#[wasm_bindgen_test]
fn keeps_typed_fields_when_others_save() {
    let filled = fields(&[("a", "1"), ("b", "1")]);
    let saved = fields(&[("a", "1"), ("b", "2")]);
    let merged = merge(&filled, &fields(&[("a", "mine"), ("b", "1")]), &saved, &[]);
    assert_eq!(merged, Merged { shown: fields(&[("a", "mine"), ("b", "2")]), clashes: Vec::new() });
}

#[wasm_bindgen_test]
fn same_field_conflict_is_asked_until_resolved() {
    let (filled, mine) = (fields(&[("a", "1")]), fields(&[("a", "mine")]));
    let theirs = fields(&[("a", "theirs")]);
    let merged = merge(&filled, &mine, &theirs, &[]);
    assert_eq!(merged, Merged { shown: mine.clone(), clashes: vec!["a"] });
    // Told again, it is still undecided; and it is over once both say the same.
    assert_eq!(merge(&theirs, &mine, &theirs, &["a"]).clashes, ["a"]);
    assert!(merge(&theirs, &mine, &mine, &["a"]).clashes.is_empty());
}

#[wasm_bindgen_test]
fn typed_value_is_converted_to_other_units() {
    let typed = fields(&[("goalWeightKg", "72,5748"), ("heightCm", "168"), ("dailyStepGoal", "9000")]);
    let imperial = rewritten(&typed, english(Units::Metric), english(Units::Imperial));
    assert_eq!(
        imperial,
        fields(&[("goalWeightKg", "160"), ("heightCm", "5′ 6.1″"), ("dailyStepGoal", "9000")])
    );
    let half_typed = fields(&[("heightCm", "5 ft")]);
    assert_eq!(rewritten(&half_typed, english(Units::Imperial), english(Units::Imperial)), half_typed);
    let no_number = fields(&[("goalWeightKg", "abc")]);
    assert_eq!(rewritten(&no_number, english(Units::Metric), english(Units::Imperial)), no_number);
}

#[wasm_bindgen_test]
fn untouched_value_keeps_all_digits_across_units() {
    let owner = Owner::new();
    owner.with(|| {
        let metric = profile(1, r#","heightCm":167.333,"goalWeightKg":66.123456"#);
        let mut imperial = metric.clone();
        imperial.units = Units::Imperial;
        let sheet = Sheet::open(Locale::of(Language::En), metric.clone(), &store(101));
        sheet.receive(&imperial);
        assert_eq!(text_of(&sheet.shown(), "heightCm"), "5′ 5.9″");
        assert!(!untrack(|| sheet.is_changed()));
        let draft = draft(sheet.form(), &sheet.base(), strings(Locale::of(Language::En))).unwrap();
        assert_eq!((draft.height_cm, draft.goal_weight_kg), (metric.height_cm, metric.goal_weight_kg));
        assert_eq!(draft.units, Units::Imperial);
    });
}

#[wasm_bindgen_test]
fn user_resolves_conflict_over_newest_version() {
    let owner = Owner::new();
    owner.with(|| {
        let sheet =
            Sheet::open(Locale::of(Language::En), profile(1, r#","dailyStepGoal":8000"#), &store(102));
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
        let sheet = Sheet::open(Locale::of(Language::En), profile(1, ""), &store(103));
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
            for (name, text) in texts(&theirs, english(Units::Metric)) {
                assert_eq!(text_of(&sheet.shown(), name), text, "{name}");
            }
        });
    });
}

#[wasm_bindgen_test]
fn keeps_text_typed_while_saving() {
    let owner = Owner::new();
    owner.with(|| {
        let sheet = Sheet::open(Locale::of(Language::En), profile(1, ""), &store(104));
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
fn profile_shows_each_error_at_its_field() {
    let owner = Owner::new();
    owner.with(|| {
        let sheet = Sheet::open(Locale::of(Language::En), profile(1, ""), &store(105));
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
async fn restores_typed_text_for_the_same_user_only() {
    let locale = Locale::of(Language::En);
    let stage = super::stage();
    let handle = leptos::mount::mount_to(stage.clone(), move || {
        let sheet = Sheet::open(locale, profile(1, ""), &store(106));
        sheet.keep(store(106));
        sheet.form().set("displayName", "Half typ".to_owned());
    });
    super::settle(20).await;
    drop(handle);
    let owner = Owner::new();
    owner.with(|| {
        let back = Sheet::open(locale, profile(1, ""), &store(106));
        assert_eq!(text_of(&back.shown(), "displayName"), "Half typ");
        let somebody_else = Sheet::open(locale, profile(1, ""), &store(107));
        assert_eq!(text_of(&somebody_else.shown(), "displayName"), "Lucía");
    });
}

#[wasm_bindgen_test]
fn goals_are_read_as_their_language_writes_them() {
    Owner::new().with(|| {
        let es = Locale::of(Language::Es);
        let sheet = Sheet::open(es, profile(1, r#","dailyCalorieGoal":1850.5"#), &store(111));
        assert_eq!(text_of(&sheet.shown(), "dailyCalorieGoal"), "1850,5");
        sheet.form().set("dailyCalorieGoal", "2.000".to_owned());
        sheet.form().set("dailyStepGoal", "11.665".to_owned());
        sheet.form().set("dailySleepGoalH", "7:30".to_owned());
        let draft = draft(sheet.form(), &sheet.base(), strings(es)).unwrap();
        assert_eq!(draft.daily_calorie_goal.map(latido_protocol::values::Calories::get), Some(2000.0));
        assert_eq!(draft.daily_step_goal.map(latido_protocol::values::Steps::get), Some(11_665.0));
        assert_eq!(draft.daily_sleep_goal_h.map(latido_protocol::values::Hours::get), Some(7.5));
    });
}

#[wasm_bindgen_test]
fn another_language_changes_no_untouched_field() {
    Owner::new().with(|| {
        let saved = profile(1, r#","goalWeightKg":68.5,"dailyCalorieGoal":1850.5"#);
        let sheet = Sheet::open(Locale::of(Language::Es), saved.clone(), &store(112));
        sheet.form().set("dailyStepGoal", "11.665".to_owned());
        let written = Written { units: Units::Metric, language: Language::Es };
        let read = rewritten(&sheet.shown(), written, english(Units::Metric));
        assert_eq!(text_of(&read, "goalWeightKg"), "68.5");
        assert_eq!(text_of(&read, "dailyCalorieGoal"), "1850.5");
        assert_eq!(text_of(&read, "dailyStepGoal"), "11665");
    });
}
