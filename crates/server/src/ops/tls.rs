//! TLS by rustls, from a certificate chain and a key in files.
//!
//! HTTP/1.1 is all that is offered: browsers open a WebSocket over HTTP/1.1 whatever else they are offered,
//! the page is a handful of files, and one protocol is one set of limits to get right.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        self, ServerConfig,
        crypto::{CryptoProvider, ring},
        pki_types::{CertificateDer, PrivateKeyDer, pem, pem::PemObject},
        server::{ClientHello, ResolvesServerCert},
        sign::CertifiedKey,
    },
};

use super::settings::Operations;

/// Why there is no certificate to show. With a new one, the old one goes on.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("{path} cannot be read: {error}")]
    Unreadable { path: PathBuf, error: io::Error },
    #[error("{path} holds no certificate in PEM: {error}")]
    NoCertificate { path: PathBuf, error: pem::Error },
    #[error("{path} holds no private key in PEM that is not encrypted: {error}")]
    NoKey { path: PathBuf, error: pem::Error },
    #[error("the certificate in {cert} and the key in {key} cannot be used together: {error}")]
    Mismatch { cert: PathBuf, key: PathBuf, error: rustls::Error },
    #[error("TLS cannot be set up: {0}")]
    Setup(#[from] rustls::Error),
}

/// The certificate that every handshake shows, and where a newer one will be.
#[derive(Debug)]
pub struct Certificate {
    cert: PathBuf,
    key: PathBuf,
    provider: Arc<CryptoProvider>,
    current: RwLock<Arc<CertifiedKey>>,
}

impl Certificate {
    /// The one that the settings name, if they do.
    pub fn open(settings: &Operations) -> Result<Option<Arc<Self>>, TlsError> {
        let (Some(cert), Some(key)) = (settings.tls_cert.clone(), settings.tls_key.clone()) else {
            return Ok(None);
        };
        let provider = Arc::new(ring::default_provider());
        let current = RwLock::new(read(&cert, &key, &provider)?);
        Ok(Some(Arc::new(Self { cert, key, provider, current })))
    }

    /// Reads the files anew. Handshakes from now on show what is in them; if it cannot be used, what they
    /// showed before.
    pub fn reload(&self) -> Result<(), TlsError> {
        let fresh = read(&self.cert, &self.key, &self.provider)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// What makes plain connections into encrypted ones.
    pub fn acceptor(self: &Arc<Self>) -> Result<TlsAcceptor, TlsError> {
        let mut config = ServerConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(self) as _);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config).into())
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

fn read(cert: &Path, key: &Path, provider: &CryptoProvider) -> Result<Arc<CertifiedKey>, TlsError> {
    let chain = CertificateDer::pem_slice_iter(&bytes(cert)?).collect::<Result<Vec<_>, _>>();
    let chain =
        chain.and_then(|chain| if chain.is_empty() { Err(pem::Error::NoItemsFound) } else { Ok(chain) });
    let chain = chain.map_err(|error| TlsError::NoCertificate { path: cert.to_owned(), error })?;
    let private = PrivateKeyDer::from_pem_slice(&bytes(key)?)
        .map_err(|error| TlsError::NoKey { path: key.to_owned(), error })?;
    let mismatch = |error| TlsError::Mismatch { cert: cert.to_owned(), key: key.to_owned(), error };
    CertifiedKey::from_der(chain, private, provider).map(Arc::new).map_err(mismatch)
}

fn bytes(path: &Path) -> Result<Vec<u8>, TlsError> {
    fs::read(path).map_err(|error| TlsError::Unreadable { path: path.to_owned(), error })
}
