//! What Lucía eats and does. The numbers are those of usual portions.

/// A dish: name, kcal, grams of protein, carbohydrates and fat.
pub type Dish = (&'static str, u16, u16, u16, u16);

pub const BREAKFASTS: &[Dish] = &[
    ("Avena con leche y plátano", 380, 14, 62, 8),
    ("Tostada con tomate y aceite de oliva", 290, 7, 36, 13),
    ("Yogur griego con nueces y miel", 320, 16, 24, 18),
    ("Tortilla francesa con pan integral", 340, 20, 24, 18),
    ("Café con leche y tostada de aguacate", 360, 10, 34, 20),
    ("Macedonia con requesón", 260, 15, 36, 6),
];

pub const SNACKS: &[Dish] = &[
    ("Manzana", 95, 0, 25, 0),
    ("Puñado de almendras", 170, 6, 6, 15),
    ("Yogur natural", 110, 7, 9, 5),
    ("Zanahorias con hummus", 150, 5, 16, 8),
    ("Mandarinas", 90, 1, 22, 0),
    ("Queso fresco con membrillo", 180, 9, 18, 8),
    ("Café cortado", 40, 2, 3, 2),
];

pub const LUNCHES: &[Dish] = &[
    ("Lentejas con verduras", 520, 27, 74, 12),
    ("Pollo a la plancha con arroz", 590, 44, 62, 16),
    ("Ensalada de garbanzos y atún", 480, 32, 44, 18),
    ("Merluza al horno con patatas", 510, 38, 46, 17),
    ("Pasta integral con boloñesa", 640, 33, 78, 20),
    ("Salmón con quinoa y brócoli", 600, 40, 45, 27),
    ("Paella de verduras", 560, 14, 88, 16),
    ("Cocido ligero", 610, 36, 58, 24),
];

pub const DINNERS: &[Dish] = &[
    ("Crema de calabacín y huevo duro", 310, 15, 22, 18),
    ("Tortilla de patatas con ensalada", 450, 18, 38, 25),
    ("Gazpacho y jamón serrano", 330, 21, 20, 18),
    ("Pechuga de pavo con verduras", 380, 38, 20, 15),
    ("Sopa de fideos y merluza", 360, 28, 36, 10),
    ("Revuelto de champiñones", 340, 21, 12, 23),
    ("Ensalada templada de queso de cabra", 420, 17, 26, 27),
];

/// What may be logged in the middle of the night.
pub const NIGHT: Dish = ("Leche templada con canela", 120, 7, 11, 5);

/// An exercise: activity, minutes, intensity, kcal, kilometres (0: none).
pub type Workout = (&'static str, u16, &'static str, u16, f64);

pub const WORKOUTS: &[Workout] = &[
    ("Caminar", 45, "low", 170, 3.8),
    ("Correr", 32, "high", 330, 5.2),
    ("Yoga", 40, "low", 130, 0.0),
    ("Bicicleta", 55, "moderate", 400, 18.5),
    ("Fuerza en casa", 35, "moderate", 210, 0.0),
    ("Natación", 40, "moderate", 320, 1.4),
];
