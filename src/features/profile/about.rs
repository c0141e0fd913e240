//! Personal data and goals: one form, saved at once.

use latido_protocol::{profile::HealthProfile, values::Sex};
use leptos::{prelude::*, reactive::spawn_local_scoped_with_cancellation};
use web_sys::SubmitEvent;

use super::{
    fields::{ENERGY, EXERCISE, NUTRIENT, SLEEP, STEPS, draft, weight as weight_figure},
    save::{ATTEMPTS, Saving, is_overtaken},
    sheet::Sheet,
    strings::{ProfileStrings, strings},
};
use crate::{
    api::error::ApiError,
    data::queries::profile::Profile,
    i18n::{Locale, reasons, use_locale},
    ui::{
        figure::Figure,
        form::{Choice, Field},
        number_field::NumberField,
        typed::FormStore,
        view::{click, derived_bool, reactive, text, when},
    },
};

/// How the last attempt to save went.
#[derive(Clone, PartialEq)]
enum SaveOutcome {
    /// None was made.
    Open,
    Saving,
    Saved,
    /// Fields say something is wrong with them.
    Refused,
    Failed(ApiError),
}

#[component]
pub fn AboutForm(profile: Profile, first: HealthProfile) -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let saving = Saving { api: expect_context(), queries: expect_context() };
    let store = FormStore::of("profile");
    let sheet = Sheet::open(locale, first, &store);
    sheet.keep(store);
    let outcome = RwSignal::new(SaveOutcome::Open);
    {
        let profile = profile.clone();
        Effect::new(move |_| {
            // While it is being saved, the response decides.
            if let Some(profile) = profile.get().filter(|_| outcome.get() != SaveOutcome::Saving) {
                untrack(|| sheet.receive(&profile));
            }
        });
    }
    let owner = Owner::current();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if untrack(|| sheet.has_clashes()) || outcome.get_untracked() == SaveOutcome::Saving {
            return;
        }
        outcome.set(SaveOutcome::Saving);
        let saving = saving.clone();
        let attempt = move || {
            spawn_local_scoped_with_cancellation(async move {
                outcome.set(save(sheet, &saving, strings).await);
            });
        };
        if let Some(owner) = &owner {
            owner.with(attempt);
        }
    };
    let state = text(move || if sheet.is_changed() { "true" } else { "false" }.to_owned());
    view! {
        <form class="profile-form" data-testid="profile-form" data-unsaved=state novalidate on:submit=submit>
            <section class="card settings">
                <div class="settings-head"><h2>{strings.about}</h2><p class="quiet">{strings.about_hint}</p></div>
                <div class="settings-fields">{about(sheet, strings)}</div>
            </section>
            <section class="card settings">
                <div class="settings-head"><h2>{strings.goals}</h2><p class="quiet">{strings.goals_hint}</p></div>
                <div class="settings-fields numbers">{goals(sheet, locale, strings)}</div>
            </section>
            <SaveBar sheet outcome/>
        </form>
    }
    .into_any()
}

fn about(sheet: Sheet, strings: &'static ProfileStrings) -> AnyView {
    let form = sheet.form();
    let sexes = [("", strings.no_sex)]
        .into_iter()
        .chain(Sex::ALL.iter().map(|sex| (sex.as_str(), (strings.sexes)(*sex))))
        .collect();
    let height = reactive(move || {
        let label = (strings.height)(sheet.units());
        view! { <Field form name="heightCm" label/> }.into_any()
    });
    view! {
        <div>
            <Field form name="displayName" label=strings.name/>
            <Clash sheet name="displayName"/>
        </div>
        <div>
            <Field form name="birthDate" label=strings.birth_date kind="date"/>
            <Clash sheet name="birthDate"/>
        </div>
        <div>
            <Choice form name="sex" label=strings.sex options=sexes/>
            <Clash sheet name="sex"/>
        </div>
        <div>{height}<Clash sheet name="heightCm"/></div>
    }
    .into_any()
}

fn goals(sheet: Sheet, locale: Locale, strings: &'static ProfileStrings) -> AnyView {
    let form = sheet.form();
    let number = move |name: &'static str, label: &'static str, figure: Figure| {
        view! {
            <div>
                <NumberField form name label figure/>
                <Clash sheet name/>
            </div>
        }
        .into_any()
    };
    let weight = reactive(move || {
        let figure = weight_figure(sheet.units());
        view! { <NumberField form name="goalWeightKg" label=strings.weight unit=figure.unit() figure/> }
            .into_any()
    });
    view! {
        {number("dailyCalorieGoal", locale.strings.calories, ENERGY)}
        <div>{weight}<Clash sheet name="goalWeightKg"/></div>
        {number("dailyProteinGoalG", locale.strings.protein, NUTRIENT)}
        {number("dailyCarbsGoalG", locale.strings.carbs, NUTRIENT)}
        {number("dailyFatGoalG", locale.strings.fat, NUTRIENT)}
        {number("dailyExerciseGoalMin", strings.exercise, EXERCISE)}
        {number("dailyStepGoal", strings.steps, STEPS)}
        {number("dailySleepGoalH", strings.sleep, SLEEP)}
    }
    .into_any()
}

/// A conflict: what another client has saved in a field that was typed in here, and the choice between the two.
#[component]
fn Clash(sheet: Sheet, name: &'static str) -> impl IntoView {
    let strings = strings(use_locale());
    when(
        move || sheet.clash(name).is_some(),
        move || {
            let theirs = text(move || {
                let theirs = sheet.clash(name).unwrap_or_default();
                if theirs.is_empty() { strings.emptied.to_owned() } else { (strings.theirs)(&theirs) }
            });
            view! {
                <div class="clash" role="group" data-clash=name>
                    <span>{theirs}</span>
                    <button type="button" class="button small" on:click=click(move || sheet.take_theirs(name))>
                        {strings.take_theirs}
                    </button>
                    <button type="button" class="button small" on:click=click(move || sheet.keep_mine(name))>
                        {strings.keep_mine}
                    </button>
                </div>
            }
            .into_any()
        },
    )
}

/// Beside what was typed for as long as it is not saved.
#[component]
fn SaveBar(sheet: Sheet, outcome: RwSignal<SaveOutcome>) -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let busy = derived_bool(move || outcome.get() == SaveOutcome::Saving);
    let said = text(move || match outcome.get() {
        _ if sheet.has_clashes() => strings.clashed.to_owned(),
        SaveOutcome::Saving => strings.saving.to_owned(),
        SaveOutcome::Refused => strings.refused.to_owned(),
        SaveOutcome::Failed(error) => [&reasons::error(locale, &error), strings.kept].join(" "),
        SaveOutcome::Open | SaveOutcome::Saved if sheet.is_changed() => strings.unsaved.to_owned(),
        SaveOutcome::Saved => strings.saved.to_owned(),
        SaveOutcome::Open => String::new(),
    });
    let tone = text(move || {
        let is_bad = matches!(outcome.get(), SaveOutcome::Failed(_) | SaveOutcome::Refused);
        let word = if sheet.has_clashes() {
            "warn"
        } else if is_bad {
            "bad"
        } else {
            "calm"
        };
        word.to_owned()
    });
    let discard = click(move || {
        sheet.discard();
        outcome.set(SaveOutcome::Open);
    });
    let changed = Memo::new(move |_| sheet.is_changed());
    view! {
        <div class="save-bar" data-testid="save-bar" data-open=text(move || changed.get().to_string()) data-tone=tone>
            <p role="status" data-testid="profile-status">{said}</p>
            <button
                type="button"
                class="button"
                disabled=derived_bool(move || busy.get() || !changed.get())
                on:click=discard
            >
                {strings.discard}
            </button>
            <button
                type="submit"
                class="button primary"
                disabled=derived_bool(move || busy.get() || !changed.get() || sheet.has_clashes())
            >
                {locale.deferred().save}
            </button>
        </div>
    }
    .into_any()
}

/// Saves what is typed over the newest profile. If another client was faster but changed no field that was typed in
/// here, both are kept; else the conflict is shown.
async fn save(sheet: Sheet, saving: &Saving, strings: &ProfileStrings) -> SaveOutcome {
    for attempt in 1.. {
        let form = sheet.form();
        form.clear_errors();
        let (sent, base) = (sheet.shown(), sheet.base());
        let Some(draft) = draft(form, &base, strings).filter(|_| !form.has_errors()) else {
            return SaveOutcome::Refused;
        };
        match saving.write(&draft, &base).await {
            Ok(saved) => {
                sheet.saved(&sent, &saved);
                saving.show(&saved);
                break;
            }
            Err(error) if is_overtaken(&error) && attempt < ATTEMPTS => match saving.read().await {
                Ok(newest) => {
                    sheet.receive(&newest);
                    saving.show(&newest);
                    if untrack(|| sheet.has_clashes()) {
                        return SaveOutcome::Open;
                    }
                }
                Err(error) => return SaveOutcome::Failed(error),
            },
            Err(ApiError::Refused(problem)) if form.refused_by_server(&problem) => {
                return SaveOutcome::Refused;
            }
            Err(error) => return SaveOutcome::Failed(error),
        }
    }
    SaveOutcome::Saved
}
