//! PostgreSQL for the tests: a cluster of their own, started once per process, gone with it however the process ends.
//!
//! - `SCRUTINY_TEST_POSTGRES_URL` names a running server instead (`postgres://USER@HOST/postgres`; the user must be able to
//!   create databases): with a process per test, as nextest has it, one cluster then serves all.
//! - `SCRUTINY_TEST_POSTGRES=required` makes it a failure that there is no server. Otherwise the tests say on standard error
//!   that they ran on SQLite only, and why.
//!
//! It listens on a Unix socket in its own folder and on no port.

use std::{
    env,
    io::{BufRead, BufReader, Write},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{self, ChildStdin, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
};

use sea_orm::{ConnectionTrait, Database as Connecting, DatabaseConnection};
use tokio::sync::OnceCell;

use super::site;

const URL: &str = "SCRUTINY_TEST_POSTGRES_URL";
const WANTED: &str = "SCRUTINY_TEST_POSTGRES";

/// Starts a cluster, says where it is, and waits for the end of its input, which comes when the process of the tests is
/// gone: by itself, by a panic or by kill -9. Then it stops the cluster and deletes everything.
const KEEPER: &str = r#"
set -eu
bin=$1
folder=$(mktemp -d "${TMPDIR:-/tmp}/scrutiny-postgres.XXXXXX")
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
end() {
  trap - EXIT
  if [ -f "$folder/data/postmaster.pid" ]; then as "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop || true; fi
  cd / && rm -rf "$folder"
}
trap end EXIT
trap 'exit 1' INT TERM HUP
# Nobody left to tell is no reason to die before the work is done.
trap '' PIPE
if [ "$(id -u)" = 0 ]; then chown postgres "$folder"; fi
cd "$folder"
exec 3>&1 >"$folder/log" 2>&1
say_why() { { printf 'failed: '; tail -n 3 "$folder/log" | tr '\n' ' '; echo; } >&3; exit 1; }
as "$bin/initdb" --no-sync -A trust -U postgres --locale=C.UTF-8 -E UTF8 -D "$folder/data" || say_why
as "$bin/pg_ctl" -D "$folder/data" -l "$folder/data/log" -w -o "-c listen_addresses='' -c unix_socket_directories='$folder' \
  -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200" start || say_why
echo "$folder" >&3
exec 3>&-
read -r _ || true
"#;

/// A server, and what keeps it alive.
#[derive(Debug)]
struct Server {
    /// With `{}` where the name of a database goes.
    address: String,
    /// While this is open, the cluster runs: it is never read, and closed by the end of the process.
    _keeper: Option<ChildStdin>,
}

/// A test's own database.
#[derive(Debug)]
pub(super) struct Database {
    server: &'static Server,
    name: String,
}

/// A new database; none where there is no PostgreSQL.
pub(super) async fn database(appendix_b: bool) -> Option<Database> {
    static SERVER: OnceCell<Option<Server>> = OnceCell::const_new();
    static NUMBER: AtomicUsize = AtomicUsize::new(1);
    let server = SERVER.get_or_init(async || find()).await.as_ref()?;
    let template = server.template(appendix_b).await;
    let name = format!("test_{}_{}", process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let admin = server.connect("postgres").await;
    run(&admin, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    Some(Database { server, name })
}

impl Database {
    /// Its address.
    pub(super) fn url(&self) -> String {
        self.server.url(&self.name)
    }

    /// Drops it: hundreds of them would fill a disk.
    pub(super) async fn drop(self) {
        let admin = self.server.connect("postgres").await;
        run(&admin, &format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }
}

impl Server {
    fn url(&self, database: &str) -> String {
        self.address.replace("{}", database)
    }

    async fn connect(&self, database: &str) -> DatabaseConnection {
        // One connection: a lock belongs to the one that took it.
        let mut options = sea_orm::ConnectOptions::new(self.url(database));
        options.max_connections(1).sqlx_logging(false);
        Connecting::connect(options).await.expect("PostgreSQL answers")
    }

    /// The name of a database to copy, made by the first who asks.
    async fn template(&self, appendix_b: bool) -> &'static str {
        static SEEDED: OnceCell<String> = OnceCell::const_new();
        static EMPTY: OnceCell<String> = OnceCell::const_new();
        let cell = if appendix_b { &SEEDED } else { &EMPTY };
        cell.get_or_init(|| self.make_template(appendix_b)).await
    }

    async fn make_template(&self, appendix_b: bool) -> String {
        let name = format!("{}_{}", if appendix_b { "seeded" } else { "empty" }, this_build());
        let admin = self.connect("postgres").await;
        // Another process may be making it: they queue, and the second finds it made.
        run(&admin, "SELECT pg_advisory_lock(2017120701)").await;
        let known = admin
            .query_one_raw(sea_orm::Statement::from_string(
                sea_orm::DbBackend::Postgres,
                format!("SELECT 1 FROM pg_database WHERE datname = '{name}' AND datistemplate"),
            ))
            .await
            .expect("PostgreSQL answers");
        if known.is_none() {
            run(&admin, &format!("DROP DATABASE IF EXISTS {name}")).await;
            run(&admin, &format!("CREATE DATABASE {name}")).await;
            site::fill(&self.url(&name), appendix_b).await;
            // A template can only be copied while nobody is connected, and the pool closes when it pleases.
            run(&admin, &format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false IS_TEMPLATE true"))
                .await;
            let others = format!(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'"
            );
            run(&admin, &others).await;
        }
        run(&admin, "SELECT pg_advisory_unlock(2017120701)").await;
        name
    }
}

/// What tells this build of the tests from the last one, whose template may be another.
fn this_build() -> String {
    let about = env::current_exe().and_then(std::fs::metadata).expect("the tests' own file");
    let age = about.modified().ok().and_then(|m| m.elapsed().ok().map(|_| m));
    let changed = age.and_then(|m| m.duration_since(std::time::UNIX_EPOCH).ok()).unwrap_or_default();
    format!("{:x}_{:x}", about.len(), changed.as_micros())
}

async fn run(on: &DatabaseConnection, sql: &str) {
    on.execute_unprepared(sql).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
}

fn find() -> Option<Server> {
    if let Ok(url) = env::var(URL) {
        let (server, query) =
            url.split_once('?').map_or((&*url, String::new()), |(s, q)| (s, format!("?{q}")));
        let (server, _) = server.rsplit_once('/').expect("an address that ends in /postgres");
        return Some(Server { address: format!("{server}/{{}}{query}"), _keeper: None });
    }
    match start() {
        Ok(server) => Some(server),
        Err(why) if env::var(WANTED).is_ok_and(|w| w == "required") => {
            panic!("PostgreSQL is required here ({WANTED}), and {why}")
        }
        Err(why) => {
            // Straight to standard error: what a test prints is shown only when it fails.
            let _ = writeln!(
                std::io::stderr(),
                "\n*** PostgreSQL is not here ({why}): these tests ran on SQLite only. ***\n"
            );
            None
        }
    }
}

fn start() -> Result<Server, String> {
    let bin = programs().ok_or("initdb is neither in PATH nor under /usr/lib/postgresql")?;
    let mut keeper = Command::new("sh")
        .args(["-c", KEEPER, "keeper"])
        .arg(bin)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        // A group of its own: Ctrl-C ends the tests, and the keeper then has its work to do.
        .process_group(0)
        .spawn()
        .map_err(|e| format!("no shell can be started: {e}"))?;
    let mut line = String::new();
    if let Some(out) = keeper.stdout.take() {
        BufReader::new(out).read_line(&mut line).map_err(|e| e.to_string())?;
    }
    let line = line.trim();
    if line.is_empty() || line.starts_with("failed") {
        return Err(format!("it can’t be started ({line})"));
    }
    let socket: String = form_urlencoded::byte_serialize(line.as_bytes()).collect();
    Ok(Server {
        address: format!("postgres://postgres@localhost/{{}}?host={socket}"),
        _keeper: keeper.stdin.take(),
    })
}

/// The folder of `initdb` and `pg_ctl`: in PATH, else the newest that Debian keeps.
fn programs() -> Option<PathBuf> {
    let complete = |folder: &Path| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file();
    let path = env::var_os("PATH").unwrap_or_default();
    if let Some(folder) = env::split_paths(&path).find(|f| complete(f)) {
        return Some(folder);
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut folders: Vec<PathBuf> =
        versions.flatten().map(|v| v.path().join("bin")).filter(|f| complete(f)).collect();
    folders.sort_by_key(|f| {
        f.parent().and_then(Path::file_name).and_then(|v| v.to_str()).and_then(|v| v.parse::<u32>().ok())
    });
    folders.pop()
}
