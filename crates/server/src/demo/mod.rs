//! The demo account and its thirty days. They are made up, but not at random: the same days ago always
//! hold the same, so that two people who look at the demo see the same person.
//!
//! | file | what it holds |
//! |---|---|
//! | [`menu`] | what Lucía eats and does |
//! | [`days`] | her last thirty days |
//! | [`talks`] | what was said with her and with others, by the assistant and her coach |

mod days;
mod menu;
mod talks;

use latido_protocol::{
    profile::HealthProfile,
    time::Timestamp,
    values::{
        Calories, DisplayName, Grams, HeightCm, Hours, Invalid, Language, Minutes, Sex, Steps, TimeZone,
        Units, WeightKg,
    },
};

use crate::{
    auth::{AuthError, password::Passwords},
    domain::{
        account::{self, Account, NewAccount, Role, TenantId},
        profile::blank,
        scope,
    },
    store::{Store, StoreError, Write},
};

pub const EMAIL: &str = "demo@latido.local";
/// Her coach, with the same password.
pub const COACH_EMAIL: &str = "coach@latido.local";
pub const PASSWORD: &str = "latido-demo";

#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Auth(#[from] AuthError),
    #[error("a made-up value {0}")]
    Invalid(#[from] Invalid),
    #[error("a made-up record was refused: {0}")]
    Refused(#[from] crate::domain::Refused),
}

/// Creates the demo account with its data, unless there is an account already.
pub async fn fill(store: &dyn Store, passwords: &Passwords, now: Timestamp) -> Result<(), DemoError> {
    let hash = passwords.hash(PASSWORD)?;
    let profile = profile(now)?;
    let filling = store.write(move |write| {
        if write.read().has_accounts()? {
            return Ok(());
        }
        let lucia = NewAccount {
            email: EMAIL.to_owned(),
            password_hash: hash.clone(),
            role: Role::Admin,
            tenant: TenantId::main(),
            profile,
        };
        let coach = NewAccount {
            email: COACH_EMAIL.to_owned(),
            password_hash: hash,
            role: Role::Coach,
            tenant: TenantId::main(),
            profile: blank(DisplayName::new("Carmen Vidal")?, now)?,
        };
        let (Some(lucia), Some(coach)) = (add(write, &lucia, now)?, add(write, &coach, now)?) else {
            return Ok(());
        };
        scope::assign(write, &lucia, &coach, now)?;
        days::fill(write, &lucia.id, now)?;
        talks::fill(write, &lucia, now)
    });
    filling.await
}

fn add(write: &mut Write, new: &NewAccount, now: Timestamp) -> Result<Option<Account>, StoreError> {
    match account::create(write, new, now)? {
        Some(user) => write.read().account(&user.id),
        None => Ok(None),
    }
}

fn profile(now: Timestamp) -> Result<HealthProfile, Invalid> {
    Ok(HealthProfile {
        display_name: DisplayName::new("Lucía Demo")?,
        birth_date: Some("1988-04-12".to_owned()),
        sex: Some(Sex::Female),
        height_cm: Some(HeightCm::new(168.0)?),
        goal_weight_kg: Some(WeightKg::new(66.0)?),
        daily_calorie_goal: Some(Calories::new(1900.0)?),
        daily_step_goal: Some(Steps::new(9000.0)?),
        daily_protein_goal_g: Some(Grams::new(110.0)?),
        daily_carbs_goal_g: Some(Grams::new(190.0)?),
        daily_fat_goal_g: Some(Grams::new(65.0)?),
        daily_exercise_goal_min: Some(Minutes::new(45.0)?),
        daily_sleep_goal_h: Some(Hours::new(8.0)?),
        units: Units::Metric,
        time_zone: TimeZone::new("Europe/Madrid")?,
        language: Language::Es,
        updated_at: now,
        version: 1,
    })
}
