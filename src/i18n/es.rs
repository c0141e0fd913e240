//! Español.

use latido_protocol::{
    metric::MetricKind,
    values::{Intensity, Meal, Source, Units},
};

use super::CommonStrings;
use crate::api::error::ApiError;

pub static STRINGS: CommonStrings = CommonStrings {
    overview: "Resumen",
    food: "Alimentación",
    exercise: "Ejercicio",
    metrics: "Medidas",
    conversations: "Mensajes",
    unread: |count| format!("{count} sin leer"),
    equipment: "Dispositivos",
    deliveries: "Entregas",
    connections: "Conexiones",
    profile: "Perfil",
    more: "Más",
    navigation: "Secciones",
    skip_to_content: "Ir al contenido",
    settings: "Ajustes",
    language: "Idioma",
    live: "Tiempo real",
    connecting: "Conectando",
    reconnecting: "Reconectando",
    disconnected: "Sin conexión",
    polling: "Con retraso",
    retry: "Reintentar",
    connection: "Conexión",
    reconnecting_in: |seconds, attempt, of| format!("Reconectando en {seconds} s ({attempt}/{of})"),
    reconnecting_now: |attempt, of| {
        if attempt == 0 { "Reconectando".to_owned() } else { format!("Reconectando ({attempt}/{of})") }
    },
    today: "Hoy",
    yesterday: "Ayer",
    day: "Día",
    loading: "Cargando…",
    stale: "No se pudo actualizar. Ves lo último que llegó; se reintenta solo.",
    try_again: "Reintentar ahora",
    nothing_eaten: "Ningún alimento este día",
    nothing_done: "Ningún ejercicio este día",
    nothing_measured: "Ninguna medida este día",
    log_hint: "Añádelo aquí o cuéntaselo a Wallavi por WhatsApp: aparecerá al momento.",
    source: |source| match source {
        Source::Wallavi => "Wallavi",
        Source::Manual => "A mano",
        Source::Import => "Importado",
    },
    add: "Añadir",
    edit: "Editar",
    delete: "Borrar",
    cancel: "Cancelar",
    calories: "Energía (kcal)",
    protein: "Proteínas (g)",
    carbs: "Carbohidratos (g)",
    fat: "Grasas (g)",
    minutes: "Duración (min)",
    calories_burned: "Energía gastada (kcal)",
    distance: |units| match units {
        Units::Metric => "Distancia (km)",
        Units::Imperial => "Distancia (mi)",
    },
    meals: |meal| match meal {
        Meal::Breakfast => "Desayuno",
        Meal::Lunch => "Almuerzo",
        Meal::Dinner => "Cena",
        Meal::Snack => "Tentempié",
    },
    intensities: |intensity| match intensity {
        Intensity::Low => "Suave",
        Intensity::Moderate => "Moderada",
        Intensity::High => "Intensa",
    },
    kinds: |kind| match kind {
        MetricKind::Weight => "Peso",
        MetricKind::HeartRate => "Frecuencia cardíaca",
        MetricKind::BloodPressure => "Presión arterial",
        MetricKind::Glucose => "Glucosa",
        MetricKind::Sleep => "Sueño",
        MetricKind::Steps => "Pasos",
        MetricKind::Spo2 => "Saturación de oxígeno",
        MetricKind::Temperature => "Temperatura",
    },
    steps_unit: "pasos",
    error: |error| match error {
        ApiError::Unreachable => "No se pudo llegar al servidor.".to_owned(),
        ApiError::TimedOut => "El servidor tardó demasiado.".to_owned(),
        ApiError::SignedOut => "Se cerró tu sesión.".to_owned(),
        ApiError::Unreadable => "El servidor contestó algo que no se entiende.".to_owned(),
        ApiError::Refused(problem) if problem.status == 404 => "El servidor no lo tiene (404).".to_owned(),
        ApiError::Refused(problem) if problem.status == 412 => {
            "Alguien lo cambió mientras tanto. Cierra, mira lo nuevo y vuelve a editar.".to_owned()
        }
        ApiError::Intercepted { status } => format!("Algo contestó en lugar del servidor (HTTP {status})."),
        ApiError::Refused(problem) => format!("El servidor contestó con un error (HTTP {}).", problem.status),
    },
    waiting: |count| format!("{count} por enviar"),
    outbox_full: "Hay 200 cambios sin guardar, en espera o rechazados: este no cabe. Lo que escribiste sigue aquí; vuelve a intentarlo cuando haya conexión, o descarta alguno.",
};
