//! What holds for every series, be it empty, broken or beyond all sense.

use latido_chart::{
    Area, Drawing, Model, Plot, Range, Role, Series, Shape, Step, average::moving_average, cursor, draw,
    fresh::changed, goal_line, point_out,
};
use proptest::{collection::vec, option, prelude::*};

/// Paths are written in tenths.
const ROUNDING: f64 = 0.0501;

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => 0.0..300.0,
        2 => -50.0..50_000.0,
        1 => prop::sample::select(vec![0.0, -0.0, 70.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e300]),
    ]
}

fn sensible() -> impl Strategy<Value = Option<f64>> {
    option::of(0.0..300.0)
}

fn series() -> impl Strategy<Value = Series> {
    let line = (vec(option::of(number()), 0..40), 0_usize..10)
        .prop_map(|(values, window)| Series::Line { values, window });
    let equal = (number(), 0_usize..40)
        .prop_map(|(value, days)| Series::Line { values: vec![Some(value); days], window: 7 });
    let stacked = vec(vec(number(), 0..40), 0..5).prop_map(|parts| Series::Stacked { parts });
    let range =
        (number(), number(), option::of(number())).prop_map(|(low, high, mid)| Range { low, high, mid });
    let ranges = vec(option::of(range), 0..40).prop_map(|values| Series::Ranges { values });
    prop_oneof![2 => line, 1 => equal, 2 => stacked, 2 => ranges]
}

fn area() -> impl Strategy<Value = Area> {
    (0.0..80.0, 40.0..1500.0, 60.0..500.0).prop_map(|(left, width, height)| Area {
        left,
        top: 8.0,
        right: left + width,
        bottom: 8.0 + height,
    })
}

/// Every point that a path goes through; fails on what is no path.
fn points(path: &str) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64)> = Vec::new();
    let mut rest = path;
    while let Some(command) = rest.chars().next() {
        let end = rest[1..].find(|sign: char| sign.is_ascii_alphabetic()).map_or(rest.len(), |at| at + 1);
        let numbers: Vec<f64> = rest[1..end]
            .split_whitespace()
            .map(|text| text.parse().unwrap_or_else(|_| panic!("{text:?} in {path:?}")))
            .collect();
        assert!(numbers.iter().all(|number| number.is_finite()), "{path:?}");
        let at = points.last().copied();
        match (command, numbers.as_slice(), at) {
            ('M', [x, y], _) | ('L', [x, y], Some(_)) => points.push((*x, *y)),
            ('H', [x], Some((_, y))) => points.push((*x, y)),
            ('V', [y], Some((x, _))) => points.push((x, *y)),
            ('h', [0.0], Some(_)) | ('z', [], Some(_)) => {}
            other => panic!("{other:?} in {path:?}"),
        }
        rest = &rest[end..];
    }
    points
}

fn assert_inside(area: Area, shapes: &[Shape]) {
    for shape in shapes {
        for (x, y) in points(&shape.path) {
            assert!((area.left - ROUNDING..=area.right + ROUNDING).contains(&x), "{x} in {shape:?}");
            assert!((area.top - ROUNDING..=area.bottom + ROUNDING).contains(&y), "{y} in {shape:?}");
        }
    }
}

fn path(drawing: &[Shape], role: Role) -> &str {
    drawing.iter().find(|shape| shape.role == role).map_or("", |shape| &shape.path)
}

/// What one day holds, all roles together.
fn finite_readings(model: &Model, day: usize) -> Vec<f64> {
    model.readings(day).into_iter().filter_map(|reading| reading.value).collect()
}

proptest! {
    #[test]
    fn everything_stays_inside_the_area(
        series in series(),
        area in area(),
        goal in option::of(number()),
        least_span in number(),
        fresh in vec(0_usize..40, 0..4),
    ) {
        let model = Model::new(series);
        let plot = Plot::new(&model, area, goal, least_span);
        let Drawing { settled, fresh } = draw(&model, &plot, &fresh);
        assert_inside(area, &settled);
        assert_inside(area, &fresh);
        assert_inside(area, goal_line(&plot).as_slice());
        for day in model.stops() {
            let (below, on_top) = point_out(&model, &plot, *day);
            assert_inside(area, &[below]);
            assert_inside(area, &on_top);
        }
    }

    #[test]
    fn few_round_ticks_cover_the_data(series in series(), area in area(), goal in option::of(number())) {
        let model = Model::new(series);
        let plot = Plot::new(&model, area, goal, 2.0);
        let ticks = plot.ticks();
        prop_assert!((2..=12).contains(&ticks.len()), "{ticks:?}");
        let steps: Vec<f64> = ticks.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let (lowest, highest) = (ticks[0], ticks[ticks.len() - 1]);
        // Two steps are as alike as numbers of this size can say: beside 10¹², a tenth is rounded.
        let resolution = 4.0 * f64::EPSILON * lowest.abs().max(highest.abs());
        for step in &steps {
            prop_assert!((step - steps[0]).abs() <= steps[0] * 1e-6 + resolution, "{ticks:?}");
        }
        let measured = model.stops().iter().flat_map(|day| finite_readings(&model, *day));
        for value in measured.chain(plot.goal()) {
            prop_assert!((lowest..=highest).contains(&value) , "{value} beside {ticks:?}");
        }
    }

    #[test]
    fn a_greater_value_stands_higher(
        values in vec(sensible(), 1..40),
        area in area(),
    ) {
        let model = Model::new(Series::Line { values: values.clone(), window: 1 });
        let plot = Plot::new(&model, area, None, 2.0);
        let mut sorted: Vec<f64> = values.into_iter().flatten().collect();
        sorted.sort_by(f64::total_cmp);
        for pair in sorted.windows(2) {
            prop_assert!(plot.y(pair[0]) >= plot.y(pair[1]));
        }
    }

    #[test]
    fn the_average_lies_between_the_least_and_the_greatest(
        values in vec(sensible(), 0..60),
        window in 0_usize..12,
    ) {
        let averages = moving_average(&values, window);
        prop_assert_eq!(averages.len(), values.len());
        for (day, average) in averages.iter().enumerate() {
            let from = (day + 1).saturating_sub(window.max(1));
            let within: Vec<f64> = values[from..=day].iter().copied().flatten().collect();
            prop_assert_eq!(average.is_some(), !within.is_empty());
            if let Some(average) = average {
                let low = within.iter().copied().fold(f64::INFINITY, f64::min);
                let high = within.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                prop_assert!((low..=high).contains(average));
            }
        }
    }

    #[test]
    fn stacked_parts_add_up_to_the_whole(
        parts in vec(vec(0.0..500.0, 1..20), 1..5),
        area in area(),
    ) {
        let model = Model::new(Series::Stacked { parts });
        let plot = Plot::new(&model, area, None, 1.0);
        let drawing = draw(&model, &plot, &[]);
        for day in model.stops() {
            let sum: f64 = (0..model.series().parts()).map(|part| model.series().part(part, *day)).sum();
            prop_assert!((sum - model.series().total(*day)).abs() < 1e-9);
            let on_day = |(x, _): &(f64, f64)| (x - plot.x(*day)).abs() <= plot.bar_width() / 2.0 + ROUNDING;
            let ends: Vec<f64> = drawing.settled.iter().flat_map(|shape| points(&shape.path))
                .filter(on_day).map(|(_, y)| y).collect();
            let top = ends.iter().copied().fold(f64::INFINITY, f64::min);
            let bottom = ends.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            prop_assert!((top - plot.y(sum)).abs() <= ROUNDING, "{top} is not {}", plot.y(sum));
            prop_assert!((bottom - plot.y(0.0)).abs() <= ROUNDING);
        }
    }

    #[test]
    fn there_is_a_dot_for_every_value_and_a_line_over_no_gap(
        values in vec(sensible(), 0..40),
        area in area(),
    ) {
        let model = Model::new(Series::Line { values: values.clone(), window: 7 });
        let plot = Plot::new(&model, area, None, 2.0);
        let drawing = draw(&model, &plot, &[]);
        prop_assert_eq!(points(path(&drawing.settled, Role::Value)).len(), model.stops().len());
        let line = path(&drawing.settled, Role::Line);
        prop_assert_eq!(points(line).len(), model.stops().len());
        let runs = values.split(Option::is_none).filter(|run| !run.is_empty()).count();
        prop_assert_eq!(line.matches('M').count(), runs);
    }

    #[test]
    fn settled_and_fresh_together_show_everything_once(
        values in vec(sensible(), 1..40),
        area in area(),
        fresh in vec(0_usize..40, 1..4),
    ) {
        let model = Model::new(Series::Line { values, window: 1 });
        let plot = Plot::new(&model, area, None, 2.0);
        let whole = draw(&model, &plot, &[]);
        let split = draw(&model, &plot, &fresh);
        let sorted = |mut points: Vec<(f64, f64)>| {
            points.sort_by(|one, other| one.0.total_cmp(&other.0));
            points
        };
        let both = [path(&split.settled, Role::Value), path(&split.fresh, Role::Value)].concat();
        prop_assert_eq!(sorted(points(&both)), sorted(points(path(&whole.settled, Role::Value))));
    }

    #[test]
    fn a_pointer_over_a_day_finds_it(series in series(), area in area()) {
        let model = Model::new(series);
        let plot = Plot::new(&model, area, None, 2.0);
        for day in model.stops() {
            prop_assert_eq!(cursor::nearest(model.stops(), plot.place(plot.x(*day))), Some(*day));
        }
    }

    #[test]
    fn steps_visit_every_stop(series in series()) {
        let model = Model::new(series);
        let mut at = cursor::step(model.stops(), None, Step::First);
        let mut visited = Vec::from_iter(at);
        loop {
            let next = cursor::step(model.stops(), at, Step::On);
            if next == at {
                break;
            }
            visited.extend(next);
            at = next;
        }
        prop_assert_eq!(visited, model.stops());
    }

    #[test]
    fn labels_keep_their_distance_and_name_the_last_day(
        days in 0_usize..800,
        area in area(),
        room in 20.0..90.0,
    ) {
        let model = Model::new(Series::Line { values: vec![None; days], window: 1 });
        let plot = Plot::new(&model, area, None, 2.0);
        let labelled = plot.labelled(room);
        prop_assert_eq!(labelled.last().copied(), days.checked_sub(1));
        for pair in labelled.windows(2) {
            prop_assert!(plot.x(pair[1]) - plot.x(pair[0]) >= room - 1e-6);
        }
    }

    #[test]
    fn nothing_changed_is_nothing_fresh(series in series()) {
        let model = Model::new(series.clone());
        prop_assert!(changed(&model, &Model::new(series)).is_empty());
    }
}
