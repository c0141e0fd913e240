import { createContext, use } from 'react';

import type { State } from './realtime/connection';
import type { Intensity, Meal, MetricKind, Source } from './api/types';

export type Language = 'es' | 'en';

const es = {
  tagline: 'Tu salud, en el momento en que pasa',
  overview: 'Resumen',
  food: 'Alimentación',
  exercise: 'Ejercicio',
  metric: 'Medidas',
  navigation: 'Secciones',
  skipToContent: 'Ir al contenido',
  settings: 'Ajustes',
  language: 'Idioma',
  signOut: 'Cerrar sesión',
  notFound: 'Aquí no hay nada',
  toTheOverview: 'Ir al resumen',
  signIn: 'Entrar',
  email: 'Correo electrónico',
  password: 'Contraseña',
  wrongCredentials: 'El correo o la contraseña no son correctos. Revísalos e inténtalo de nuevo.',
  sessionOver: 'Se cerró tu sesión. Entra de nuevo para continuar; todo lo guardado sigue ahí.',
  unreachable: 'No se pudo llegar al servidor. Lo que escribiste sigue aquí; inténtalo de nuevo.',
  connection: {
    stopped: 'Sin conexión',
    connecting: 'Conectando',
    live: 'Tiempo real',
    reconnecting: 'Reconectando',
    disconnected: 'Sin conexión',
  } satisfies Record<State, string>,
  retry: 'Reintentar',
  today: 'Hoy',
  yesterday: 'Ayer',
  previousDay: 'Día anterior',
  nextDay: 'Día siguiente',
  day: 'Día',
  loading: 'Cargando…',
  stale: 'No se pudo actualizar. Ves lo último que llegó; se reintenta solo.',
  tryAgain: 'Reintentar ahora',
  empty: { food: 'Ninguna comida este día', exercise: 'Ningún ejercicio este día', metric: 'Ninguna medida este día' },
  nothingYet: 'Todavía no hay nada hoy',
  logHint: 'Añádelo aquí o cuéntaselo a Wallavi por WhatsApp: aparecerá al momento.',
  source: { wallavi: 'Wallavi', manual: 'A mano', import: 'Importado' } satisfies Record<Source, string>,
  add: 'Añadir',
  edit: 'Editar',
  delete: 'Borrar',
  reallyDelete: '¿Borrar?',
  keep: 'Conservar',
  save: 'Guardar',
  cancel: 'Cancelar',
  adding: { food: 'Añadir comida', exercise: 'Añadir ejercicio', metric: 'Añadir medida' },
  editing: { food: 'Editar comida', exercise: 'Editar ejercicio', metric: 'Editar medida' },
  name: 'Nombre',
  meal: 'Comida del día',
  calories: 'Energía (kcal)',
  protein: 'Proteínas (g)',
  carbs: 'Carbohidratos (g)',
  fat: 'Grasas (g)',
  when: 'Cuándo',
  notes: 'Notas',
  activity: 'Actividad',
  minutes: 'Duración (min)',
  intensity: 'Intensidad',
  caloriesBurned: 'Energía gastada (kcal)',
  distance: 'Distancia (km)',
  kind: 'Tipo',
  value: 'Valor',
  systolic: 'Sistólica',
  diastolic: 'Diastólica',
  optional: 'opcional',
  meals: { breakfast: 'Desayuno', lunch: 'Almuerzo', dinner: 'Cena', snack: 'Tentempié' } satisfies Record<Meal, string>,
  intensities: { low: 'Suave', moderate: 'Moderada', high: 'Intensa' } satisfies Record<Intensity, string>,
  kinds: {
    weight: 'Peso',
    heartRate: 'Frecuencia cardíaca',
    bloodPressure: 'Presión arterial',
    glucose: 'Glucosa',
    sleep: 'Sueño',
    steps: 'Pasos',
    spo2: 'Saturación de oxígeno',
    temperature: 'Temperatura',
  } satisfies Record<MetricKind, string>,
  stepsUnit: 'pasos',
  greeting: (name: string) => `Hola, ${name}`,
  energy: 'Energía',
  macros: 'Macronutrientes',
  movement: 'Ejercicio',
  ofGoal: (goal: string) => `de ${goal}`,
  goalIs: (goal: string) => `objetivo: ${goal}`,
  noGoal: 'Sin objetivo',
  latest: 'Lo último de hoy',
};

export type Strings = typeof es;

const en: Strings = {
  tagline: 'Your health, the moment it happens',
  overview: 'Overview',
  food: 'Food',
  exercise: 'Exercise',
  metric: 'Measurements',
  navigation: 'Sections',
  skipToContent: 'Skip to content',
  settings: 'Settings',
  language: 'Language',
  signOut: 'Sign out',
  notFound: 'Nothing here',
  toTheOverview: 'Go to the overview',
  signIn: 'Sign in',
  email: 'Email',
  password: 'Password',
  wrongCredentials: 'The email or the password is not right. Check both and try again.',
  sessionOver: 'You have been signed out. Sign in again to go on; everything saved is still there.',
  unreachable: 'The server could not be reached. What you typed is still here; try again.',
  connection: {
    stopped: 'Disconnected',
    connecting: 'Connecting',
    live: 'Live',
    reconnecting: 'Reconnecting',
    disconnected: 'Disconnected',
  },
  retry: 'Retry',
  today: 'Today',
  yesterday: 'Yesterday',
  previousDay: 'Previous day',
  nextDay: 'Next day',
  day: 'Day',
  loading: 'Loading…',
  stale: 'Could not refresh. This is the last that arrived; it is tried again by itself.',
  tryAgain: 'Try now',
  empty: { food: 'No food on this day', exercise: 'No exercise on this day', metric: 'No measurement on this day' },
  nothingYet: 'Nothing yet today',
  logHint: 'Add it here or tell Wallavi on WhatsApp: it appears at once.',
  source: { wallavi: 'Wallavi', manual: 'By hand', import: 'Imported' },
  add: 'Add',
  edit: 'Edit',
  delete: 'Delete',
  reallyDelete: 'Delete?',
  keep: 'Keep',
  save: 'Save',
  cancel: 'Cancel',
  adding: { food: 'Add food', exercise: 'Add exercise', metric: 'Add measurement' },
  editing: { food: 'Edit food', exercise: 'Edit exercise', metric: 'Edit measurement' },
  name: 'Name',
  meal: 'Meal',
  calories: 'Energy (kcal)',
  protein: 'Protein (g)',
  carbs: 'Carbs (g)',
  fat: 'Fat (g)',
  when: 'When',
  notes: 'Notes',
  activity: 'Activity',
  minutes: 'Duration (min)',
  intensity: 'Intensity',
  caloriesBurned: 'Energy burned (kcal)',
  distance: 'Distance (km)',
  kind: 'Kind',
  value: 'Value',
  systolic: 'Systolic',
  diastolic: 'Diastolic',
  optional: 'optional',
  meals: { breakfast: 'Breakfast', lunch: 'Lunch', dinner: 'Dinner', snack: 'Snack' },
  intensities: { low: 'Light', moderate: 'Moderate', high: 'Hard' },
  kinds: {
    weight: 'Weight',
    heartRate: 'Heart rate',
    bloodPressure: 'Blood pressure',
    glucose: 'Glucose',
    sleep: 'Sleep',
    steps: 'Steps',
    spo2: 'Oxygen saturation',
    temperature: 'Temperature',
  },
  stepsUnit: 'steps',
  greeting: (name) => `Hello, ${name}`,
  energy: 'Energy',
  macros: 'Macronutrients',
  movement: 'Exercise',
  ofGoal: (goal) => `of ${goal}`,
  goalIs: (goal) => `goal: ${goal}`,
  noGoal: 'No goal',
  latest: 'Latest today',
};

const KEY = 'latido.language';

export function preferredLanguage(): Language {
  return (localStorage.getItem(KEY) ?? navigator.language).startsWith('en') ? 'en' : 'es';
}

export function rememberLanguage(language: Language) {
  localStorage.setItem(KEY, language);
  document.documentElement.lang = language;
}

/** Numbers, times and days by `Intl`; a formatter is costly to make and cheap to use. */
function makeLocale(language: Language, strings: Strings) {
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const time = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' });
  const day = new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long' });
  return {
    language,
    strings,
    number: number.format,
    time: (instant: string) => time.format(new Date(instant)),
    day: day.format,
  };
}

export type Locale = ReturnType<typeof makeLocale>;

const made = new Map<Language, Locale>();

export function localeOf(language: Language): Locale {
  let locale = made.get(language);
  if (!locale) made.set(language, (locale = makeLocale(language, language === 'en' ? en : es)));
  return locale;
}

export const LocaleContext = createContext<{ locale: Locale; choose: (language: Language) => void } | null>(null);

export function useLocale(): Locale {
  return use(LocaleContext)!.locale;
}
