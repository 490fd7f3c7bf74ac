//! Interceptor.
