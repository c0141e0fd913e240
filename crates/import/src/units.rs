//! Units: whatever the phone was set to, brought to the wire's. Each says which unit it does not know.

/// The international pound.
pub const KG_PER_LB: f64 = 0.453_592_37;
/// The thermochemical calorie, by which food is measured.
const KJ_PER_KCAL: f64 = 4.184;
const KM_PER_MILE: f64 = 1.609_344;
/// Of glucose, in grams a mole. Apple writes it into the unit.
const GLUCOSE_MOLAR_MASS: f64 = 180.156;

/// Rounded to so many places: a converted number shows no more than was measured.
pub fn rounded(value: f64, places: i32) -> f64 {
    let scale = 10_f64.powi(places);
    (value * scale).round() / scale
}

fn unknown(unit: &str, of: &str) -> String {
    format!("the unit {unit:?} is none that is known for {of}")
}

pub fn kilograms(value: f64, unit: &str) -> Result<f64, String> {
    let kilograms = match unit {
        "kg" => value,
        "g" => value / 1000.0,
        "lb" => value * KG_PER_LB,
        "st" => value * 14.0 * KG_PER_LB,
        "oz" => value / 16.0 * KG_PER_LB,
        _ => return Err(unknown(unit, "weight")),
    };
    Ok(rounded(kilograms, 2))
}

pub fn per_minute(value: f64, unit: &str) -> Result<f64, String> {
    let per_minute = match unit {
        "count/min" => value,
        "count/s" | "Hz" => value * 60.0,
        _ => return Err(unknown(unit, "a heart rate")),
    };
    Ok(rounded(per_minute, 1))
}

pub fn mg_per_dl(value: f64, unit: &str) -> Result<f64, String> {
    let mg_per_dl = match unit {
        "mg/dL" => value,
        "g/L" => value * 100.0,
        _ => {
            let mmol_per_l = unit.strip_prefix("mmol").and_then(|rest| rest.strip_suffix("/L"));
            let molar = mmol_per_l.ok_or_else(|| unknown(unit, "glucose"))?;
            let mass = molar.trim_matches(['<', '>']).parse().unwrap_or(GLUCOSE_MOLAR_MASS);
            value * mass / 10.0
        }
    };
    Ok(rounded(mg_per_dl, 1))
}

/// Apple keeps percentages as fractions of one; other programs that write into it do not always.
pub fn percent(value: f64, unit: &str) -> Result<f64, String> {
    match unit {
        "%" if (0.0..=1.0).contains(&value) => Ok(rounded(value * 100.0, 1)),
        "%" => Ok(rounded(value, 1)),
        _ => Err(unknown(unit, "oxygen saturation")),
    }
}

pub fn celsius(value: f64, unit: &str) -> Result<f64, String> {
    let celsius = match unit {
        "degC" => value,
        "degF" => (value - 32.0) / 1.8,
        "K" => value - 273.15,
        _ => return Err(unknown(unit, "a temperature")),
    };
    Ok(rounded(celsius, 2))
}

pub fn mmhg(value: f64, unit: &str) -> Result<f64, String> {
    let mmhg = match unit {
        "mmHg" => value,
        "kPa" => value * 7.500_62,
        _ => return Err(unknown(unit, "blood pressure")),
    };
    Ok(rounded(mmhg, 1))
}

/// `Cal` with a capital letter is what everybody calls a calorie.
pub fn kcal(value: f64, unit: &str) -> Result<f64, String> {
    let kcal = match unit {
        "kcal" | "Cal" => value,
        "cal" => value / 1000.0,
        "kJ" => value / KJ_PER_KCAL,
        "J" => value / KJ_PER_KCAL / 1000.0,
        _ => return Err(unknown(unit, "energy")),
    };
    Ok(rounded(kcal, 1))
}

pub fn grams(value: f64, unit: &str) -> Result<f64, String> {
    let grams = match unit {
        "g" => value,
        "mg" => value / 1000.0,
        "kg" => value * 1000.0,
        "oz" => value / 16.0 * KG_PER_LB * 1000.0,
        _ => return Err(unknown(unit, "a nutrient")),
    };
    Ok(rounded(grams, 2))
}

pub fn minutes(value: f64, unit: &str) -> Result<f64, String> {
    let minutes = match unit {
        "min" => value,
        "s" | "sec" => value / 60.0,
        "h" | "hr" => value * 60.0,
        _ => return Err(unknown(unit, "a duration")),
    };
    Ok(rounded(minutes, 2))
}

pub fn kilometres(value: f64, unit: &str) -> Result<f64, String> {
    let kilometres = match unit {
        "km" => value,
        "m" => value / 1000.0,
        "mi" => value * KM_PER_MILE,
        "yd" => value * KM_PER_MILE / 1760.0,
        "ft" => value * KM_PER_MILE / 5280.0,
        _ => return Err(unknown(unit, "a distance")),
    };
    Ok(rounded(kilometres, 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_comes_to_the_wires() {
        assert_eq!(kilograms(160.0, "lb"), Ok(72.57));
        assert_eq!(kilograms(11.0, "st"), Ok(69.85));
        assert_eq!(mg_per_dl(5.0, "mmol<180.1558800000541>/L"), Ok(90.1));
        assert_eq!(mg_per_dl(5.0, "mmol/L"), Ok(90.1));
        assert_eq!(mg_per_dl(90.0, "mg/dL"), Ok(90.0));
        assert_eq!(percent(0.97, "%"), Ok(97.0));
        assert_eq!(percent(97.0, "%"), Ok(97.0));
        assert_eq!(celsius(98.6, "degF"), Ok(37.0));
        assert_eq!(kcal(1000.0, "kJ"), Ok(239.0));
        assert_eq!(kcal(350.0, "Cal"), Ok(350.0));
        assert_eq!(grams(1500.0, "mg"), Ok(1.5));
        assert_eq!(minutes(1800.0, "s"), Ok(30.0));
        assert_eq!(kilometres(3.1, "mi"), Ok(4.989));
        assert_eq!(mmhg(16.0, "kPa"), Ok(120.0));
        assert_eq!(per_minute(1.2, "count/s"), Ok(72.0));
    }

    #[test]
    fn an_unknown_unit_is_named() {
        assert_eq!(kilograms(1.0, "slug").unwrap_err(), "the unit \"slug\" is none that is known for weight");
    }
}
