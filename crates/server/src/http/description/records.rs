//! Foods, exercises and measurements: the same operations for each kind of record.

use latido_protocol::{
    exercise::{ExerciseLog, ExerciseLogDraft},
    food::{FoodLog, FoodLogDraft},
    id::Id,
    metric::{HealthMetric, HealthMetricDraft, MetricKind},
    record::Record,
};
use utoipa::ToSchema;

use crate::openapi::{
    api::{Api, capitalised},
    derived::text,
    operation_builder::operation,
};

pub fn describe(api: &mut Api) {
    api.topic("Foods", "What a person ate.");
    records::<FoodLog, FoodLogDraft>(api, ["foods", "food", "a food"], &[]);
    api.topic("Exercises", "What a person did.");
    records::<ExerciseLog, ExerciseLogDraft>(api, ["exercises", "exercise", "an exercise"], &[]);
    let kinds = MetricKind::ALL.iter().map(|kind| {
        let (min, max) = kind.range();
        format!("`{}` {} {min} to {max}", kind.as_str(), kind.unit())
    });
    let kinds = kinds.collect::<Vec<_>>().join(", ");
    api.topic(
        "Measurements",
        format!(
            "What a person measured. Kinds, units and bounds: {kinds}. Steps are whole, and \
        the systolic value of blood pressure is above the diastolic one."
        ),
    );
    records::<HealthMetric, HealthMetricDraft>(
        api,
        ["measurements", "measurement", "a measurement"],
        &["Kind"],
    );
    for body in ["HealthMetricDraft", "HealthMetricPatch"] {
        let about = "Follows from the kind and may be left out. A wrong one is refused.";
        api.takes_also(body, "unit", text().description(Some(about)));
    }
}

type RecordId = Id<()>;

/// What an event of a deletion carries.
#[derive(ToSchema)]
#[expect(dead_code, reason = "an event writes it")]
pub struct Gone {
    id: RecordId,
}

/// The operations of one kind. Its lists are filtered by the parameters `filters` besides those of all lists.
fn records<R, Draft>(api: &mut Api, [many, one, a]: [&str; 3], filters: &[&str])
where
    R: Record<One: ToSchema, Page: ToSchema> + ToSchema,
    Draft: ToSchema,
{
    let (list, record, kind) = (format!("/api{}", R::PATH), format!("/api{}/{{id}}", R::PATH), R::name());
    api.get(
        &list,
        operation(format!("list{kind}s"), format!("List {many}"))
            .parameters(&["From", "To", "Limit", "Cursor", "Person"])
            .parameters(filters)
            .answers_cached::<R::Page>("A page, newest first.")
            .refuses(&[404, 422]),
    );
    api.post(
        &list,
        operation(format!("create{kind}"), format!("Log {a}"))
            .about("Without its time it happened now. A time is from the birth date (without one, from 1900) to 48 hours \
                    ahead. Without `source` it is `manual`. `null` is the same as leaving out.")
            .parameters(&["IdempotencyKey"])
            .takes::<Draft>()
            .answers_tagged::<R::One>(201, "The record."),
    );
    api.get(
        &record,
        operation(format!("get{kind}"), format!("One {one}"))
            .parameters(&["Person"])
            .answers_cached::<R::One>("The record.")
            .refuses(&[404]),
    );
    api.patch(
        &record,
        operation(format!("edit{kind}"), format!("Change {a}"))
            .parameters(&["IfMatch"])
            .takes_patch::<Draft>(&format!("{kind}Patch"))
            .answers_tagged::<R::One>(200, "The record as it is now.")
            .refuses(&[404, 412]),
    );
    api.delete(
        &record,
        operation(format!("delete{kind}"), format!("Delete {a}"))
            .parameters(&["IfMatch"])
            .answers_nothing(204, "It is gone.")
            .refuses(&[400, 404, 412]),
    );
    let a = capitalised(a);
    api.event::<R>(&format!("{}Created", R::NAME), &format!("{a} was logged."));
    api.event::<R>(&format!("{}Updated", R::NAME), &format!("{a} was changed."));
    api.event::<Gone>(&format!("{}Deleted", R::NAME), &format!("{a} was deleted."));
}
