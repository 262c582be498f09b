//! The palette's promises, measured on the stylesheet itself.
//!
//! Text on its ground, edges on white, and the distance between any two states: for usual
//! sight, for people without red or green cones (Machado, Oliveira and Fernandes 2009,
//! severity 1.0, on linear light), and in grey (relative luminance). Distances are CIEDE2000.

use std::f64::consts::PI;

const CSS: &str = include_str!("../assets/app.css");
const STATES: [&str; 5] = ["red", "amber", "green", "complete", "plain"];

type Rgb = [f64; 3];
type Matrix = [[f64; 3]; 3];

const PROTAN: Matrix = [
    [0.152_286, 1.052_583, -0.204_868],
    [0.114_503, 0.786_281, 0.099_216],
    [-0.003_882, -0.048_116, 1.051_998],
];
const DEUTAN: Matrix = [
    [0.367_322, 0.860_646, -0.227_968],
    [0.280_085, 0.672_501, 0.047_413],
    [-0.011_820, 0.042_940, 0.968_881],
];
const GREY: Matrix = [[0.2126, 0.7152, 0.0722]; 3];
const XYZ: Matrix = [
    [0.412_456_4, 0.357_576_1, 0.180_437_5],
    [0.212_672_9, 0.715_152_2, 0.072_175_0],
    [0.019_333_9, 0.119_192_0, 0.950_304_1],
];

/// A custom property's colour, as linear light.
fn colour(name: &str) -> Rgb {
    let (_, after) = CSS.split_once(&format!("  --{name}: #")).expect("the stylesheet has this colour");
    let channel = |at: usize| {
        let value =
            f64::from(u8::from_str_radix(&after[at..at + 2], 16).expect("six hexadecimal digits")) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    [channel(0), channel(2), channel(4)]
}

fn times(matrix: &Matrix, v: Rgb) -> Rgb {
    matrix.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
}

fn contrast(one: Rgb, other: Rgb) -> f64 {
    let [a, b] = [one, other].map(|colour| times(&GREY, colour)[0] + 0.05);
    a.max(b) / a.min(b)
}

fn lab(linear: Rgb) -> [f64; 3] {
    let [x, y, z] = times(&XYZ, linear);
    let [x, y, z] = [x / 0.950_47, y, z / 1.088_83]
        .map(|t| if t > 0.008_856_451_679 { t.cbrt() } else { (903.296_296_3 * t + 16.0) / 116.0 });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// CIEDE2000, after Sharma, Wu and Dalal 2005.
fn distance([l1, a1, b1]: [f64; 3], [l2, a2, b2]: [f64; 3]) -> f64 {
    let seventh = |c: f64| (c.powi(7) / (c.powi(7) + 25_f64.powi(7))).sqrt();
    let g = 0.5 * (1.0 - seventh(f64::midpoint(a1.hypot(b1), a2.hypot(b2))));
    let (a1, a2) = (a1 * (1.0 + g), a2 * (1.0 + g));
    let (c1, c2) = (a1.hypot(b1), a2.hypot(b2));
    let hue = |a: f64, b: f64| b.atan2(a).to_degrees().rem_euclid(360.0);
    let (h1, h2) = (hue(a1, b1), hue(a2, b2));
    let no_hue = c1 * c2 == 0.0;
    let turn = if no_hue {
        0.0
    } else if (h2 - h1).abs() <= 180.0 {
        h2 - h1
    } else {
        h2 - h1 - 360.0 * (h2 - h1).signum()
    };
    let mean_hue = if no_hue {
        h1 + h2
    } else if (h1 - h2).abs() <= 180.0 {
        f64::midpoint(h1, h2)
    } else {
        (f64::midpoint(h1, h2) + 180.0).rem_euclid(360.0)
    };
    let (light, chroma) = (f64::midpoint(l1, l2), f64::midpoint(c1, c2));
    let cos = |degrees: f64| degrees.to_radians().cos();
    let t = 1.0 - 0.17 * cos(mean_hue - 30.0) + 0.24 * cos(2.0 * mean_hue) + 0.32 * cos(3.0 * mean_hue + 6.0)
        - 0.20 * cos(4.0 * mean_hue - 63.0);
    let off = (light - 50.0).powi(2);
    let dl = (l2 - l1) / (1.0 + 0.015 * off / (20.0 + off).sqrt());
    let dc = (c2 - c1) / (1.0 + 0.045 * chroma);
    let dh = 2.0 * (c1 * c2).sqrt() * (turn / 360.0 * PI).sin() / (1.0 + 0.015 * chroma * t);
    let swing = 30.0 * (-((mean_hue - 275.0) / 25.0).powi(2)).exp();
    let rotation = -(2.0 * swing).to_radians().sin() * 2.0 * seventh(chroma);
    (dl.powi(2) + dc.powi(2) + dh.powi(2) + rotation * dc * dh).sqrt()
}

/// The two states nearest to each other, and how far apart they are.
fn nearest(sight: Option<&Matrix>) -> (f64, &'static str, &'static str) {
    let seen = |state: &str| {
        let ground = colour(&format!("{state}-ground"));
        lab(sight.map_or(ground, |sight| times(sight, ground).map(|c| c.clamp(0.0, 1.0))))
    };
    let mut least = (f64::INFINITY, "", "");
    for (index, one) in STATES.into_iter().enumerate() {
        for other in STATES.into_iter().skip(index + 1) {
            let apart = distance(seen(one), seen(other));
            if apart < least.0 {
                least = (apart, one, other);
            }
        }
    }
    least
}

#[test]
fn the_distance_agrees_with_the_published_test_pairs() {
    // Four of Sharma's pairs: ordinary colours, hues across 0°, one without hue, and dark ones.
    let pairs = [
        ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
        ([50.0, -1.0, 2.0], [50.0, 0.0, 0.0], 2.3669),
        ([50.0, 2.49, -0.001], [50.0, -2.49, 0.0011], 7.2195),
        ([2.0776, 0.0795, -1.1350], [0.9033, -0.0636, -0.5514], 0.9082),
    ];
    for (one, other, expected) in pairs {
        let measured = distance(one, other);
        assert!((measured - expected).abs() < 0.000_1, "{one:?} {other:?}: {measured}");
    }
}

#[test]
fn every_rating_can_be_read_on_its_ground_and_seen_on_white() {
    for state in STATES {
        let [ground, text, edge] = ["ground", "text", "edge"].map(|part| colour(&format!("{state}-{part}")));
        assert!(contrast(text, ground) >= 4.5, "{state}: {:.2}", contrast(text, ground));
        assert!(contrast(edge, [1.0; 3]) >= 6.5, "{state}: {:.2}", contrast(edge, [1.0; 3]));
    }
}

#[test]
fn no_two_ratings_look_alike_to_anyone_or_in_grey() {
    for (name, sight, least) in [
        ("usual", None, 21.9),
        ("protan", Some(&PROTAN), 12.15),
        ("deutan", Some(&DEUTAN), 12.15),
        ("grey", Some(&GREY), 9.5),
    ] {
        let (apart, one, other) = nearest(sight);
        assert!(apart >= least, "{name}: {one} and {other} are {apart:.2} apart, not {least}");
    }
}

#[test]
fn all_other_words_can_be_read_where_they_stand() {
    for (text, ground) in [
        ("ink", "paper"),
        ("ink", "wash"),
        ("ink", "wash-deep"),
        ("ink", "focus"),
        ("soft", "paper"),
        ("soft", "wash"),
        ("soft", "wash-deep"),
        ("grey-words", "paper"),
        ("grey-words", "wash"),
        ("grey-words", "wash-deep"),
        ("link", "paper"),
        ("link", "wash"),
        ("link", "wash-deep"),
        ("visited", "paper"),
        ("visited", "wash"),
        ("visited", "wash-deep"),
        ("error", "paper"),
        ("good", "paper"),
        ("good", "good-wash"),
        ("ink", "good-wash"),
        ("paper", "brand"),
        ("paper", "brand-deep"),
        ("paper", "error"),
        ("paper", "error-deep"),
        ("paper", "ink"),
    ] {
        let measured = contrast(colour(text), colour(ground));
        assert!(measured >= 4.5, "{text} on {ground}: {measured:.2}");
    }
}

#[test]
fn edges_of_fields_can_be_seen() {
    for (edge, ground) in [("edge", "paper"), ("edge", "wash"), ("error", "paper"), ("focus", "brand")] {
        let measured = contrast(colour(edge), colour(ground));
        assert!(measured >= 3.0, "{edge} on {ground}: {measured:.2}");
    }
}
