//! The floors of the house, and a few habits, held by reading the source: prose rules rot.
//!
//! It reads `use` lines and full paths, without comments and texts. It knows no types: what the compiler can hold by
//! visibility, it holds.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// A floor: where its files are, what of ours it may use besides itself, and which libraries.
struct Floor {
    name: &'static str,
    ours: &'static [&'static str],
    libraries: &'static [&'static str],
}

/// architecture.md’s table. What is not named here is not used there.
const FLOORS: [Floor; 6] = [
    Floor { name: "domain", ours: &[], libraries: &["chrono", "thiserror"] },
    Floor { name: "store", ours: &[], libraries: &[] },
    Floor { name: "mail", ours: &[], libraries: &[] },
    Floor { name: "command", ours: &[], libraries: &[] },
    Floor { name: "web", ours: &[], libraries: &[] },
    Floor { name: "worker", ours: &[], libraries: &[] },
];

/// One file of the program.
struct Source {
    /// Its path under `src`, with `/`.
    path: String,
    /// As it is.
    text: String,
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
        Source { path, code: bare(&text), text }
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

#[test]
fn print_what_is_used() {
    let known = libraries();
    let mut used: BTreeMap<String, (BTreeMap<String, Vec<String>>, BTreeMap<String, Vec<String>>)> = BTreeMap::new();
    for source in sources() {
        let of = used.entry(source.floor().to_owned()).or_default();
        for name in source.ours() {
            of.0.entry(name).or_default().push(source.path.clone());
        }
        for name in source.libraries(&known) {
            of.1.entry(name).or_default().push(source.path.clone());
        }
    }
    for (floor, (ours, libs)) in used {
        println!("== {floor}");
        for (n, f) in ours { println!("   crate::{n}: {}", if f.len() > 4 { f.len().to_string() } else { f.join(" ") }); }
        for (n, f) in libs { println!("   {n}: {}", if f.len() > 4 { f.len().to_string() } else { f.join(" ") }); }
    }
}
