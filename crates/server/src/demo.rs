//! The demo account: writes the demo's data into the database as records.

use latido_devtools::demo::{
    COACH_EMAIL, EMAIL, PASSWORD,
    conversations::{self, CONVERSATIONS, Message},
    days::{self, DemoKind, DemoRecord},
};
use latido_domain::{
    access,
    account::{self, Account, NewAccount, Role, TenantId},
    change,
    contact::{self, NewContact},
    delivery,
    error::DomainError,
    message,
    profile::blank,
    record_kind::RecordKind,
    store::{Owner, Store, StoreError, Write},
};
use latido_protocol::{
    conversation::{Address, Author, ContactName, MessageStatus, MessageText},
    delivery::{DeliveryEvent, DeliveryId, DeliveryKind, DeliveryStatus},
    exercise::ExerciseLog,
    food::FoodLog,
    metric::HealthMetric,
    profile::HealthProfile,
    session::UserId,
    time::Timestamp,
    values::{
        Calories, DisplayName, GlucoseUnit, Grams, HeightCm, Hours, Invalid, Language, Minutes, Sex, Steps,
        TimeZone, Units, WeightKg,
    },
};

use crate::auth::{AuthError, password::Passwords};

#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Auth(#[from] AuthError),
    #[error("a made-up value {0}")]
    Invalid(#[from] Invalid),
    #[error("a made-up record was refused: {0}")]
    Refused(#[from] DomainError),
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
            profile: HealthProfile {
                preferences_chosen: true,
                ..blank(DisplayName::new("Carmen Vidal")?, now)?
            },
        };
        let (Some(lucia), Some(coach)) = (add(write, &lucia, now)?, add(write, &coach, now)?) else {
            return Ok(());
        };
        access::assign(write, &lucia, &coach, now)?;
        for record in days::records(now) {
            add_record(write, &lucia.id, &record)?;
        }
        add_conversations(write, &lucia, now)
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
        glucose_unit: GlucoseUnit::MgDl,
        time_zone: TimeZone::new("Europe/Madrid")?,
        language: Language::Es,
        preferences_chosen: true,
        updated_at: now,
        version: 1,
    })
}

/// Writes a record as it would have been written at its time.
fn add_record(write: &mut Write, user: &UserId, record: &DemoRecord) -> Result<(), DemoError> {
    fn put<R: RecordKind>(write: &mut Write, user: &UserId, record: &DemoRecord) -> Result<(), DemoError> {
        let draft: R = change::draft(&record.body, record.at)?;
        write.put(&Owner::user(user), &draft).map_err(DomainError::from)?;
        Ok(())
    }
    match record.kind {
        DemoKind::Food => put::<FoodLog>(write, user, record),
        DemoKind::Exercise => put::<ExerciseLog>(write, user, record),
        DemoKind::Metric => put::<HealthMetric>(write, user, record),
    }
}

fn add_conversations(write: &mut Write, person: &Account, now: Timestamp) -> Result<(), DemoError> {
    for conversation in CONVERSATIONS {
        let new = NewContact {
            name: ContactName::new(conversation.name)?,
            channel: conversation.channel,
            address: Address::new(conversation.address)?,
        };
        let mut contact = contact::create(write, &person.id, person, new, conversations::began(now))?;
        for line in conversation.messages(now) {
            let message =
                message::new(&contact, line.author, MessageText::new(line.text)?, line.status, line.at);
            let is_sent = line.author == Author::Coach;
            let provider_id = (!is_sent).then(|| format!("demo-{}-{}", conversation.address, line.place));
            message::keep(write, &mut contact, &message, provider_id.as_deref())?;
            if is_sent {
                add_delivery(write, person, &line)?;
            }
        }
    }
    Ok(())
}

/// The delivery event of a message that was sent.
fn add_delivery(write: &mut Write, person: &Account, message: &Message) -> Result<(), DemoError> {
    // The first attempt arrives in a fraction of a second; a failed one was retried for an hour.
    let (status, took): (_, i64) = match message.status {
        MessageStatus::Failed => (DeliveryStatus::Failed, 3_620_000),
        _ => (DeliveryStatus::Delivered, 180 + i64::try_from(message.place).unwrap_or(0) * 97 % 640),
    };
    let event = DeliveryEvent {
        id: DeliveryId::new(uuid::Uuid::now_v7().to_string()),
        kind: DeliveryKind::Message,
        status,
        delivery_latency_ms: (status == DeliveryStatus::Delivered).then(|| took.unsigned_abs()),
        created_at: message.at,
        updated_at: message.at.plus_ms(took),
    };
    Ok(delivery::keep(write, &person.id, &event)?)
}
