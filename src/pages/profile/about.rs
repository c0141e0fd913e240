//! Who somebody is and what they aim for: one form, saved at once.

use latido_protocol::{profile::HealthProfile, values::Sex};
use leptos::{prelude::*, reactive::spawn_local_scoped_with_cancellation};
use web_sys::SubmitEvent;

use super::{
    fields::draft,
    save::{ATTEMPTS, Saving, is_overtaken},
    sheet::Sheet,
    strings::{Strings, strings},
};
use crate::{
    api::error::ApiError,
    browser::units::Quantity,
    components::{
        form::{Choice, Field},
        view::{click, dynamic, flag, text, when},
    },
    i18n::{Locale, use_locale},
};

/// How the last attempt to save went.
#[derive(Clone, PartialEq)]
enum Outcome {
    /// None was made.
    Open,
    Saving,
    Saved,
    /// Fields say something is wrong with them.
    Refused,
    Failed(ApiError),
}

#[component]
pub fn AboutForm(profile: ArcRwSignal<Option<HealthProfile>>, first: HealthProfile) -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let saving = Saving { api: expect_context(), queries: expect_context() };
    let session = saving.api.session().number();
    let sheet = Sheet::open(locale, first, session);
    sheet.keep(session);
    let outcome = RwSignal::new(Outcome::Open);
    {
        let profile = profile.clone();
        Effect::new(move |_| {
            // While it is being saved, the answer says what is there.
            if let Some(profile) = profile.get().filter(|_| outcome.get() != Outcome::Saving) {
                untrack(|| sheet.receive(&profile));
            }
        });
    }
    let owner = Owner::current();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if untrack(|| sheet.has_clashes()) || outcome.get_untracked() == Outcome::Saving {
            return;
        }
        outcome.set(Outcome::Saving);
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

fn about(sheet: Sheet, strings: &'static Strings) -> AnyView {
    let form = sheet.form();
    let sexes = [("", strings.no_sex)]
        .into_iter()
        .chain(Sex::ALL.iter().map(|sex| (sex.as_str(), (strings.sexes)(*sex))))
        .collect();
    let height = dynamic(move || {
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

fn goals(sheet: Sheet, locale: Locale, strings: &'static Strings) -> AnyView {
    let form = sheet.form();
    let number = move |name: &'static str, label: &'static str| {
        view! {
            <div>
                <Field form name label mode="decimal"/>
                <Clash sheet name/>
            </div>
        }
        .into_any()
    };
    let weight = dynamic(move || {
        let unit = Quantity::Weight.unit(sheet.units());
        view! { <Field form name="goalWeightKg" label=strings.weight unit mode="decimal"/> }.into_any()
    });
    view! {
        {number("dailyCalorieGoal", locale.strings.calories)}
        <div>{weight}<Clash sheet name="goalWeightKg"/></div>
        {number("dailyProteinGoalG", locale.strings.protein)}
        {number("dailyCarbsGoalG", locale.strings.carbs)}
        {number("dailyFatGoalG", locale.strings.fat)}
        {number("dailyExerciseGoalMin", strings.exercise)}
        {number("dailyStepGoal", strings.steps)}
        {number("dailySleepGoalH", strings.sleep)}
    }
    .into_any()
}

/// What somebody else has saved in a field that was typed in here, and the choice between the two.
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
fn SaveBar(sheet: Sheet, outcome: RwSignal<Outcome>) -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let busy = flag(move || outcome.get() == Outcome::Saving);
    let said = text(move || match outcome.get() {
        _ if sheet.has_clashes() => strings.clashed.to_owned(),
        Outcome::Saving => strings.saving.to_owned(),
        Outcome::Refused => strings.refused.to_owned(),
        Outcome::Failed(error) => [&(locale.strings.error)(&error), strings.kept].join(" "),
        Outcome::Open | Outcome::Saved if sheet.is_changed() => strings.unsaved.to_owned(),
        Outcome::Saved => strings.saved.to_owned(),
        Outcome::Open => String::new(),
    });
    let tone = text(move || {
        let is_bad = matches!(outcome.get(), Outcome::Failed(_) | Outcome::Refused);
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
        outcome.set(Outcome::Open);
    });
    let changed = Memo::new(move |_| sheet.is_changed());
    view! {
        <div class="save-bar" data-testid="save-bar" data-open=text(move || changed.get().to_string()) data-tone=tone>
            <p role="status" data-testid="profile-status">{said}</p>
            <button
                type="button"
                class="button"
                disabled=flag(move || busy.get() || !changed.get())
                on:click=discard
            >
                {strings.discard}
            </button>
            <button
                type="submit"
                class="button primary"
                disabled=flag(move || busy.get() || !changed.get() || sheet.has_clashes())
            >
                {locale.later().save}
            </button>
        </div>
    }
    .into_any()
}

/// Saves what is typed over the newest profile. If somebody else was faster and touched nothing that was
/// typed here, that is nobody's business; else both are shown.
async fn save(sheet: Sheet, saving: &Saving, strings: &Strings) -> Outcome {
    for attempt in 1.. {
        let form = sheet.form();
        form.clear_errors();
        let (sent, base) = (sheet.shown(), sheet.base());
        let Some(draft) = draft(form, &base, strings).filter(|_| !form.has_errors()) else {
            return Outcome::Refused;
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
                        return Outcome::Open;
                    }
                }
                Err(error) => return Outcome::Failed(error),
            },
            Err(ApiError::Refused(problem)) if form.refused_by_server(&problem) => return Outcome::Refused,
            Err(error) => return Outcome::Failed(error),
        }
    }
    Outcome::Saved
}
