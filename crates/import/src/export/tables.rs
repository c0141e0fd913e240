//! The tables of an export: one CSV file each.

/// A table: its file in the ZIP, and its columns, which are fields of the record by their wire names.
pub struct Table {
    pub file: &'static str,
    pub columns: &'static [&'static str],
}

pub const ACCOUNT: Table =
    Table { file: "account.csv", columns: &["email", "name", "role", "tenant", "createdAt"] };

pub const FOODS: Table = Table {
    file: "foods.csv",
    columns: &[
        "id",
        "loggedAt",
        "meal",
        "name",
        "calories",
        "proteinG",
        "carbsG",
        "fatG",
        "notes",
        "source",
        "createdAt",
        "updatedAt",
    ],
};

pub const EXERCISES: Table = Table {
    file: "exercises.csv",
    columns: &[
        "id",
        "loggedAt",
        "activity",
        "durationMin",
        "intensity",
        "caloriesBurned",
        "distanceKm",
        "notes",
        "source",
        "createdAt",
        "updatedAt",
    ],
};

pub const METRICS: Table = Table {
    file: "metrics.csv",
    columns: &["id", "measuredAt", "kind", "value", "value2", "unit", "source", "createdAt", "updatedAt"],
};

pub const PROFILE: Table = Table {
    file: "profile.csv",
    columns: &[
        "displayName",
        "birthDate",
        "sex",
        "heightCm",
        "goalWeightKg",
        "dailyCalorieGoal",
        "dailyStepGoal",
        "dailyProteinGoalG",
        "dailyCarbsGoalG",
        "dailyFatGoalG",
        "dailyExerciseGoalMin",
        "dailySleepGoalH",
        "units",
        "timeZone",
        "language",
        "updatedAt",
    ],
};

pub const CONVERSATIONS: Table = Table {
    file: "conversations.csv",
    columns: &["id", "name", "channel", "address", "unread", "updatedAt"],
};

pub const MESSAGES: Table = Table {
    file: "messages.csv",
    columns: &["id", "contactId", "direction", "author", "text", "status", "createdAt"],
};

pub const DELIVERIES: Table = Table {
    file: "deliveries.csv",
    columns: &["id", "type", "status", "delivery_latency_ms", "created_at", "updated_at"],
};
