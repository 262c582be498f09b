//! The floors of the house, and a few habits, held by reading the source: prose rules rot.
//!
//! It reads `use` lines and full paths, without comments and texts. It knows no types: what the compiler can hold by
//! visibility, it holds.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// A floor: where its files are, what of ours it may use besides itself, and which libraries.
struct Floor {
    name: &'static str,
    ours: &'static [&'static str],
    libraries: &'static [&'static str],
}

/// Who may use what. A floor always sees itself; what is not named here is not used there.
const FLOORS: [Floor; 8] = [
    Floor { name: "domain", ours: &[], libraries: &["chrono", "thiserror"] },
    Floor {
        name: "store",
        // Of `secret` the random salts and the SHA-256 of the history’s chain.
        ours: &["domain", "secret"],
        libraries: &[
            "chrono",
            "entity",
            "migration",
            "sea_orm",
            "serde",
            "serde_json",
            "sqlx",
            "thiserror",
            "tracing",
        ],
    },
    Floor {
        name: "papers",
        ours: &["domain"],
        libraries: &["chrono", "quick_xml", "rust_xlsxwriter", "serde", "serde_json", "zip"],
    },
    Floor {
        name: "mail",
        ours: &["domain", "link"],
        libraries: &[
            "chrono",
            "lettre",
            "maud",
            "rustls",
            "rustls_native_certs",
            "strum",
            "thiserror",
            "tokio",
            "tokio_rustls",
        ],
    },
    Floor {
        name: "single_sign_on",
        ours: &[],
        libraries: &[
            "chrono",
            "openidconnect",
            "reqwest",
            "rustls",
            "serde",
            "serde_json",
            "thiserror",
            "tokio",
            "tracing",
        ],
    },
    Floor {
        name: "command",
        ours: &["clock", "domain", "link", "mail", "papers", "secret", "seed", "single_sign_on", "store"],
        // Those that wait for several lines to the mail server at once.
        libraries: &["chrono", "futures_util", "serde_json", "thiserror", "tokio", "tracing"],
    },
    Floor {
        name: "web",
        // Of `mail` only the reader of messages, for the demonstration’s viewer.
        ours: &[
            "clock",
            "command",
            "domain",
            "export",
            "link",
            "mail",
            "papers",
            "secret",
            "single_sign_on",
            "store",
        ],
        libraries: &[
            "axum",
            "axum_extra",
            "chrono",
            "chrono_tz",
            "form_urlencoded",
            "ipnet",
            "futures_util",
            "maud",
            "qrcode",
            "serde",
            "serde_json",
            "strum",
            "thiserror",
            "tokio",
            "tower",
            "tower_http",
            "tracing",
        ],
    },
    Floor {
        name: "worker",
        ours: &["command", "domain", "mail"],
        libraries: &["chrono", "reqwest", "rustls", "tokio", "tracing"],
    },
];

/// One file of the program.
struct Source {
    /// Its path under `src`, with `/`.
    path: String,
    /// Without comments and without what stands in quotes.
    code: String,
}

impl Source {
    fn floor(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap_or_default()
    }

    /// The names under `crate` that it uses, by whatever path.
    fn ours(&self) -> BTreeSet<String> {
        let mut names = first_names(&self.code, "crate::");
        // From src/a/b.rs, `super` is a, and `super::super` the crate.
        let mut depth = self.path.trim_end_matches(".rs").split('/').count();
        if self.path.ends_with("/mod.rs") {
            depth -= 1;
        }
        names.extend(first_names(&self.code, &"super::".repeat(depth)));
        names
    }

    /// The libraries that it uses.
    fn libraries(&self, known: &BTreeSet<String>) -> BTreeSet<String> {
        known.iter().filter(|name| begins_a_path(&self.code, name)).cloned().collect()
    }
}

/// What follows a prefix, or stands in the braces after it: `crate::{a::{b, c}, d}` is a and d.
fn first_names(code: &str, prefix: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (at, _) in code.match_indices(prefix) {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
            continue;
        }
        let rest = &code[at + prefix.len()..];
        if !rest.starts_with('{') {
            names.insert(name(rest));
            continue;
        }
        let (mut depth, mut expects) = (0, true);
        for (i, c) in rest.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 1 => break,
                '}' => depth -= 1,
                ',' if depth == 1 => expects = true,
                c if expects && (c.is_alphabetic() || c == '_') => {
                    names.insert(name(&rest[i..]));
                    expects = false;
                }
                _ => {}
            }
        }
    }
    names
}

fn name(rest: &str) -> String {
    rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// Whether a path begins with a name: `name::`, `use name;`, `use name as`.
fn begins_a_path(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let (before, after) = (&code[..at], &code[at + name.len()..]);
        let begins = !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '.' | '$'));
        let is_used = before.trim_end().ends_with("use") && after.starts_with([';', ' ']);
        begins && (after.starts_with("::") || is_used)
    })
}

/// Code without comments, and with every text in quotes emptied.
fn bare(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(hashes) = raw_text(rest) {
            let end = format!("\"{}", "#".repeat(hashes));
            let start = hashes + 2;
            rest[start..].find(&end).map_or(rest.len(), |at| start + at + end.len())
        } else if c == '"' {
            text_end(rest)
        } else if c == '\'' {
            character_end(rest)
        } else {
            0
        };
        if skipped == 0 {
            code.push(c);
            rest = &rest[c.len_utf8()..];
            // An `r` at the end of a name begins no raw text.
            if c.is_alphanumeric() || c == '_' {
                let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                code.push_str(&rest[..word]);
                rest = &rest[word..];
            }
        } else {
            code.push(' ');
            rest = &rest[skipped..];
        }
    }
    code
}

/// How many hashes a raw text that begins here has.
fn raw_text(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix("br").or(rest.strip_prefix('r'))?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then_some(hashes + rest.len() - after.len() - 1)
}

fn text_end(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of a character in quotes; 0 for a lifetime.
fn character_end(rest: &str) -> usize {
    let inside = &rest[1..];
    if inside.starts_with('\\') {
        return inside[2..].find('\'').map_or(0, |at| at + 4);
    }
    match inside.char_indices().nth(1) {
        Some((at, '\'')) => at + 2,
        _ => 0,
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files_under(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files_under(&path, ending, found);
        } else if path.extension().is_some_and(|e| e == ending) {
            found.push(path);
        }
    }
}

fn sources() -> Vec<Source> {
    let folder = root().join("src");
    let mut paths = Vec::new();
    files_under(&folder, "rs", &mut paths);
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let path = path.strip_prefix(&folder).unwrap().to_str().unwrap().replace('\\', "/");
        Source { path, code: bare(&text) }
    };
    let sources: Vec<Source> = paths.into_iter().map(read).collect();
    assert!(sources.len() > 100, "the source is where it was");
    sources
}

/// The libraries of the program, as code names them.
fn libraries() -> BTreeSet<String> {
    let manifest: toml::Table = fs::read_to_string(root().join("Cargo.toml")).unwrap().parse().unwrap();
    manifest["dependencies"].as_table().unwrap().keys().map(|name| name.replace('-', "_")).collect()
}

/// The modules of the crate’s root: what a floor could reach.
fn roots(sources: &[Source]) -> BTreeSet<&str> {
    sources.iter().map(Source::floor).collect()
}

#[test]
fn every_floor_uses_what_it_may_and_nothing_else() {
    let (sources, libraries) = (sources(), libraries());
    let roots = roots(&sources);
    let mut wrong = Vec::new();
    for floor in &FLOORS {
        let its: Vec<&Source> = sources.iter().filter(|s| s.floor() == floor.name).collect();
        assert!(!its.is_empty(), "the floor {} is where it was", floor.name);
        for source in its {
            let ours = source.ours();
            let ours = ours.iter().map(String::as_str).filter(|n| roots.contains(n) && *n != floor.name);
            let used = source.libraries(&libraries);
            let strangers = ours
                .filter(|n| !floor.ours.contains(n))
                .chain(used.iter().map(String::as_str).filter(|n| !floor.libraries.contains(n)));
            wrong.extend(strangers.map(|n| format!("{} uses {n}", source.path)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn web_reads_messages_and_does_nothing_else_with_mail() {
    for source in sources().iter().filter(|s| s.floor() == "web" && s.ours().contains("mail")) {
        let reads = source.code.contains("mail::reading") || source.code.contains("mail::sample");
        let more = ["digest", "message::", "settings", "smtp", "transport", "test_mail"];
        let more = more.iter().find(|m| source.code.contains(&format!("crate::mail::{m}")));
        assert!(reads && more.is_none(), "{}", source.path);
    }
}

#[test]
fn only_a_command_begins_to_write() {
    // The store says what beginning is, and a restore is one write of its own.
    let may =
        |path: &str| path.starts_with("command/") || ["store/mod.rs", "store/backup.rs"].contains(&path);
    let begins: Vec<String> =
        sources().into_iter().filter(|s| s.code.contains(".begin()")).map(|s| s.path).collect();
    assert!(begins.iter().any(|path| path.starts_with("command/")));
    assert_eq!(begins.iter().find(|path| !may(path)), None);
}

#[test]
fn domain_is_neither_async_nor_asks_for_the_time_nor_does_anything() {
    let never =
        ["async ", ".await", "::now(", "std::fs", "std::io", "std::env", "std::net", "std::time", "println!"];
    for source in sources().iter().filter(|s| s.floor() == "domain") {
        for what in never {
            assert!(!source.code.contains(what), "{} has {what}", source.path);
        }
    }
}

#[test]
fn text_that_is_not_escaped_stands_in_one_file_at_most() {
    let unescaped: Vec<String> =
        sources().into_iter().filter(|s| s.code.contains("PreEscaped")).map(|s| s.path).collect();
    assert!(unescaped.len() <= 1, "{unescaped:?}");
}

#[test]
fn every_file_says_first_what_it_owns() {
    let mut files = Vec::new();
    for folder in ["src", "entity/src", "migration/src", "tests", "benches"] {
        if root().join(folder).is_dir() {
            files_under(&root().join(folder), "rs", &mut files);
        }
    }
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let about = text.lines().next().unwrap_or_default();
        assert!(about.starts_with("//! ") && about.len() > 12, "{}: {about:?}", file.display());
        assert!(!about.contains("to be written"), "{}: {about:?}", file.display());
    }
}

#[test]
fn nothing_names_the_machine_it_was_written_on_or_where_packages_come_from() {
    // In two parts each, or this file would be the first to be found.
    let never = [
        ("/wo", "rk/"),
        ("/ro", "ot/"),
        ("/ho", "me/"),
        ("/tmp/", "wt"),
        ("/tmp/", "x/"),
        ("index.crates", ".io"),
        ("static.crates", ".io"),
        ("registry.npmjs", ".org"),
        ("pypi", ".org"),
        ("files.python", "hosted"),
        ("proxy.golang", ".org"),
    ]
    .map(|(a, b)| format!("{a}{b}"));
    let mut files = Vec::new();
    for folder in ["src", "entity", "migration", "seed", "tests", "benches", ".ci"] {
        let folder = root().join(folder);
        for ending in ["rs", "toml", "md", "css", "svg", "js", "json", "sh", "tsv", "snap"] {
            if folder.is_dir() {
                files_under(&folder, ending, &mut files);
            }
        }
    }
    files.extend(
        fs::read_dir(root())
            .unwrap()
            .map(|e| e.unwrap().path())
            .filter(|p| p.extension().is_some_and(|e| e == "toml" || e == "md" || e == "example")),
    );
    files.retain(|p| !p.components().any(|c| c.as_os_str() == "node_modules" || c.as_os_str() == "target"));
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for what in &never {
            assert!(!text.contains(what), "{} names {what}", file.display());
        }
    }
}

#[test]
fn reading_the_source_sees_what_is_there() {
    let of = |path: &str, text: &str| Source { path: path.into(), code: bare(text) };
    let names = |source: &Source| source.ours().into_iter().collect::<Vec<_>>().join(" ");
    let known: BTreeSet<String> = ["axum", "sea_orm"].map(str::to_owned).into();
    let source = of(
        "a/b.rs",
        "//! crate::comment\nuse crate::{\n    one::{two, three},\n    four,\n};\nlet s = \"crate::text\";\n\
         let l: &'static str = 'c'; super::super::five::f(); super::sibling::g(); let raw = r#\"crate::raw \" \"#;",
    );
    assert_eq!(names(&source), "five four one");
    assert_eq!(names(&of("a/mod.rs", "use super::up;")), "up");
    let uses = |text: &str| !of("a/b.rs", text).libraries(&known).is_empty();
    assert!(uses("use axum::Router;") && uses("fn f() { axum::serve() }") && uses("use axum as web;"));
    assert!(
        !uses("// axum::serve") && !uses("my_axum::x") && !uses("self::axum::x") && !uses("let axum = 1;")
    );
    assert!(uses("let c = '\"'; sea_orm::x()") && uses("let c = '\\''; sea_orm::x()"));
}
