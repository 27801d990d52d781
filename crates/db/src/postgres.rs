//! PostgreSQL through a pool of connections.

use std::sync::Arc;

use bytes_of::to_sql_bytes;
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type};
use tokio_postgres::{NoTls, Statement};

use crate::transaction::Inner;
use crate::{DbError, Row, Tx, Value, many};

const CONNECTIONS: usize = 16;
/// Rows that go to the server in one statement.
const ROWS: usize = 2_500;
/// Fewer rows than this are not worth a statement of their own.
const FEW_ROWS: usize = 4;

#[derive(Clone)]
pub(crate) struct Postgres {
    pool: Pool,
}

/// A transaction on a connection of its own, which goes back to the pool at the end.
pub(crate) struct PostgresTx {
    connection: Option<Object>,
}

impl Postgres {
    pub(crate) async fn open(url: &str) -> Result<Self, DbError> {
        let config: tokio_postgres::Config = url.parse()?;
        let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS)
            .runtime(deadpool_postgres::Runtime::Tokio1)
            .wait_timeout(Some(std::time::Duration::from_secs(10)))
            .create_timeout(Some(std::time::Duration::from_secs(10)))
            .build()
            .map_err(DbError::other)?;
        let postgres = Self { pool };
        drop(postgres.connection().await?);
        Ok(postgres)
    }

    async fn connection(&self) -> Result<Object, DbError> {
        self.pool.get().await.map_err(|error| match error {
            deadpool_postgres::PoolError::Backend(error) => {
                let error = DbError::from(error);
                if error.is_unavailable() { error } else { DbError::unavailable(error) }
            }
            error @ (deadpool_postgres::PoolError::Timeout(_)
            | deadpool_postgres::PoolError::Closed
            | deadpool_postgres::PoolError::NoRuntimeSpecified
            | deadpool_postgres::PoolError::PostCreateHook(_)) => DbError::unavailable(error),
        })
    }

    pub(crate) async fn begin(&self, reads: bool) -> Result<Tx, DbError> {
        let connection = self.connection().await?;
        let begin = if reads { "begin isolation level repeatable read read only" } else { "begin" };
        connection.batch_execute(begin).await?;
        Ok(Tx::new(Inner::Postgres(Box::new(PostgresTx { connection: Some(connection) }))))
    }
}

impl Drop for PostgresTx {
    fn drop(&mut self) {
        // A connection inside a transaction must not go back to the pool: it is closed, which rolls back.
        if let Some(connection) = self.connection.take() {
            let closed = Object::take(connection);
            drop(closed);
        }
    }
}

impl PostgresTx {
    fn connection(&self) -> Result<&Object, DbError> {
        self.connection.as_ref().ok_or_else(|| DbError::usage("the transaction has ended"))
    }

    async fn prepare(&self, sql: &str) -> Result<Statement, DbError> {
        let connection = self.connection()?;
        connection.prepare_cached(sql).await.map_err(|error| {
            if error.as_db_error().is_some() { DbError::other(format!("{error:?} in: {sql}")) } else { error.into() }
        })
    }

    pub(crate) async fn query(&self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, DbError> {
        let statement = self.prepare(sql).await?;
        let columns: Arc<Vec<String>> =
            Arc::new(statement.columns().iter().map(|column| column.name().to_owned()).collect());
        let rows = self.connection()?.query(&statement, &borrowed(parameters)).await?;
        rows.into_iter()
            .map(|row| {
                let values = (0..columns.len())
                    .map(|index| row.try_get::<_, Value>(index).map_err(DbError::from))
                    .collect::<Result<Vec<_>, _>>()?;
                Ok(Row { columns: Arc::clone(&columns), values })
            })
            .collect()
    }

    pub(crate) async fn execute(&self, sql: &str, parameters: &[Value]) -> Result<u64, DbError> {
        let statement = self.prepare(sql).await?;
        Ok(self.connection()?.execute(&statement, &borrowed(parameters)).await?)
    }

    /// Runs the statement for each row; see [`many::for_all`] for those that are done in a few hops.
    pub(crate) async fn execute_many(&self, sql: &str, rows: &[Vec<Value>]) -> Result<u64, DbError> {
        let statement = self.prepare(sql).await?;
        let types: Vec<&str> = statement.params().iter().map(Type::name).collect();
        let connection = self.connection()?;
        let mut changed = 0;
        let for_all = if rows.len() < FEW_ROWS { None } else { many::for_all(sql, &types) };
        let Some(text) = for_all else {
            for chunk in rows.chunks(256) {
                let borrowed_rows: Vec<_> = chunk.iter().map(|row| borrowed(row)).collect();
                let sent = borrowed_rows.iter().map(|row| connection.execute(&statement, row));
                changed += futures_util::future::try_join_all(sent).await?.into_iter().sum::<u64>();
            }
            return Ok(changed);
        };
        let statement = self.prepare(&text).await?;
        for chunk in rows.chunks(ROWS) {
            let columns: Vec<Vec<&Value>> = (0..types.len())
                .map(|at| chunk.iter().map(|row| row.get(at).unwrap_or(&Value::Null)).collect())
                .collect();
            let parameters: Vec<&(dyn ToSql + Sync)> =
                columns.iter().map(|column| -> &(dyn ToSql + Sync) { column }).collect();
            changed += connection.execute(&statement, &parameters).await?;
        }
        Ok(changed)
    }

    pub(crate) async fn script(&self, sql: &str) -> Result<(), DbError> {
        Ok(self.connection()?.batch_execute(sql).await?)
    }

    pub(crate) async fn commit(mut self) -> Result<(), DbError> {
        let connection = self.connection.take().ok_or_else(|| DbError::usage("the transaction has ended"))?;
        let committed = connection.batch_execute("commit").await;
        if committed.is_err() {
            drop(Object::take(connection));
        }
        Ok(committed?)
    }
}

fn borrowed(parameters: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    parameters.iter().map(|value| -> &(dyn ToSql + Sync) { value }).collect()
}

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut bytes_of::BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        to_sql_bytes(self, ty, out)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    tokio_postgres::types::to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(match *ty {
            Type::BOOL => Self::Bool(bool::from_sql(ty, raw)?),
            Type::INT2 => Self::Int(i64::from(i16::from_sql(ty, raw)?)),
            Type::INT4 => Self::Int(i64::from(i32::from_sql(ty, raw)?)),
            Type::INT8 => Self::Int(i64::from_sql(ty, raw)?),
            Type::FLOAT4 => Self::Real(f64::from(f32::from_sql(ty, raw)?)),
            Type::FLOAT8 => Self::Real(f64::from_sql(ty, raw)?),
            Type::BYTEA => Self::Blob(Vec::from_sql(ty, raw)?),
            Type::NUMERIC => Self::Int(bytes_of::whole_number(raw)?),
            _ => Self::Text(String::from_sql(&Type::TEXT, raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// The wire form of values, by the type that the server wants for the parameter.
mod bytes_of {
    pub(super) use bytes::BytesMut;
    use tokio_postgres::types::{IsNull, ToSql, Type};

    use crate::Value;

    type Failure = Box<dyn std::error::Error + Sync + Send>;

    pub(super) fn to_sql_bytes(value: &Value, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match (value, ty) {
            (Value::Null, _) => Ok(IsNull::Yes),
            (Value::Int(number), &Type::INT4) => i32::try_from(*number)?.to_sql(ty, out),
            (Value::Int(number), &Type::INT2) => i16::try_from(*number)?.to_sql(ty, out),
            (Value::Int(number), &Type::BOOL) => (*number != 0).to_sql(ty, out),
            #[expect(clippy::cast_precision_loss, reason = "whole numbers in a floating-point column are small")]
            (Value::Int(number), &Type::FLOAT8) => (*number as f64).to_sql(ty, out),
            (Value::Int(number), &Type::TEXT) => number.to_string().to_sql(ty, out),
            (Value::Int(number), _) => number.to_sql(&Type::INT8, out),
            (Value::Bool(truth), &Type::INT8) => i64::from(*truth).to_sql(ty, out),
            (Value::Bool(truth), _) => truth.to_sql(&Type::BOOL, out),
            (Value::Real(number), _) => number.to_sql(&Type::FLOAT8, out),
            (Value::Text(text), _) => {
                // PostgreSQL keeps no NUL in text, SQLite does; neither needs it.
                if text.contains('\0') {
                    text.replace('\0', "").to_sql(&Type::TEXT, out)
                } else {
                    text.to_sql(&Type::TEXT, out)
                }
            }
            (Value::Blob(bytes), _) => bytes.as_slice().to_sql(&Type::BYTEA, out),
        }
    }

    /// Reads a `numeric` that holds a whole number, which is what `sum` of bigint gives.
    pub(super) fn whole_number(raw: &[u8]) -> Result<i64, Failure> {
        let word = |index: usize| -> Result<i16, Failure> {
            let bytes = raw.get(index * 2..index * 2 + 2).ok_or("numeric value is cut off")?;
            Ok(i16::from_be_bytes([bytes.first().copied().unwrap_or(0), bytes.get(1).copied().unwrap_or(0)]))
        };
        let digits = usize::try_from(word(0)?)?;
        let weight = i32::from(word(1)?);
        let negative = word(2)? != 0;
        let mut number: i64 = 0;
        for index in 0..=usize::try_from(weight.max(-1) + 1)?.saturating_sub(1) {
            if weight < 0 {
                break;
            }
            let digit = if index < digits { i64::from(word(4 + index)?) } else { 0 };
            number =
                number.checked_mul(10_000).and_then(|n| n.checked_add(digit)).ok_or("numeric value is too large")?;
        }
        Ok(if negative { -number } else { number })
    }
}
