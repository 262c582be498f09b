//! A QR code as a drawing: one path, black on white, with the quiet zone round it that readers need.
//!
//! Never the only way to its content: the page says the same as text.

use maud::{Markup, html};
use qrcode::{Color, EcLevel, QrCode};

/// White modules round the code, as the standard has it.
const QUIET: usize = 4;

/// A text as a QR code, under a title for those who do not see it. Nothing where the text is too long for one.
#[must_use]
pub fn qr_code(title: &str, text: &str) -> Markup {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else {
        return Markup::default();
    };
    let size = code.width() + 2 * QUIET;
    html! {
        svg class="qr" role="img" aria-labelledby="qr-title" viewBox={ "0 0 " (size) " " (size) } shape-rendering="crispEdges" {
            title id="qr-title" { (title) }
            rect width=(size) height=(size) fill="#ffffff" {}
            path fill="#000000" d=(path(&code)) {}
        }
    }
}

/// The dark modules, row by row, each run of them as one box.
fn path(code: &QrCode) -> String {
    let colours = code.to_colors();
    let mut path = String::new();
    for (y, row) in colours.chunks(code.width()).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                let (left, top, long) = (x + QUIET, y + QUIET, run.len());
                path += &format!("M{left} {top}h{long}v1h-{long}z");
            }
            x += run.len();
        }
    }
    path
}
