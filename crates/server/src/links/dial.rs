//! Dialling: from an address to an open socket.
//!
//! The name is resolved here and the addresses it gives are judged here, so that a name which leads
//! elsewhere the second time it is asked leads nowhere. Nothing is redirected: a source that answers with
//! anything but a WebSocket has failed.

use std::{sync::Arc, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{
        self,
        client::IntoClientRequest,
        http::{HeaderValue, StatusCode, Uri, header, uri::Authority},
        protocol::WebSocketConfig,
    },
};

use latido_domain::account::TenantId;
use latido_protocol::reason::{Code, Reason};

use super::{address::Reach, lookup::Lookups};

/// Bytes of one message of a source. The status of a Shelly with four channels has about 6 KiB.
pub const MAX_MESSAGE: usize = 64 * 1024;
/// Addresses of a name are tried one after the other, each for so long.
const CONNECT_WITHIN: Duration = Duration::from_secs(3);
const MAX_ADDRESS: usize = 500;

/// What a socket runs over: TCP, or TLS over it.
pub trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

pub type Socket = WebSocketStream<Box<dyn Wire>>;

/// Why a dial led to nothing. The texts are shown to the admins of the tenant.
#[derive(Clone, Debug, PartialEq)]
pub enum Trouble {
    /// It may be otherwise the next time.
    Passing(Reason),
    /// Somebody has to do something about it.
    Lasting(Reason),
}

/// Where a link leads: a `ws://` or `wss://` address.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(Uri);

impl Address {
    /// The error says what the address has to be.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let no_address = || Code::LinkAddress.says("must be an address such as ws://192.168.1.20/rpc");
        let uri: Uri = text.parse().map_err(|_| no_address())?;
        let authority = uri.authority().map(Authority::as_str).unwrap_or_default();
        if !matches!(uri.scheme_str(), Some("ws" | "wss")) || uri.host().is_none_or(str::is_empty) {
            Err(no_address())
        } else if authority.contains('@') {
            Err(Code::LinkAddressWithSecret
                .says("must not contain a user or password; they have fields of their own"))
        } else if text.len() > MAX_ADDRESS {
            Err(Code::TooLong.says("must have at most 500 characters").with("max", MAX_ADDRESS as f64))
        } else {
            Ok(Self(uri))
        }
    }

    /// The whole of it, with a query that may hold a secret.
    pub fn expose(&self) -> String {
        self.0.to_string()
    }

    /// The part that may be shown.
    pub fn shown(&self) -> String {
        let (scheme, authority) = (self.0.scheme_str().unwrap_or_default(), self.0.authority());
        let authority = authority.map(Authority::as_str).unwrap_or_default();
        format!("{scheme}://{authority}{}", self.0.path())
    }

    /// The host as names are resolved: without the brackets of an IPv6 address.
    pub fn host(&self) -> &str {
        self.0.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']')
    }

    fn is_secure(&self) -> bool {
        self.0.scheme_str() == Some("wss")
    }

    fn port(&self) -> u16 {
        self.0.port_u16().unwrap_or(if self.is_secure() { 443 } else { 80 })
    }
}

/// Whose link is dialled, and what it may use of the network.
#[derive(Clone)]
pub struct Route {
    pub tenant: TenantId,
    pub reach: Reach,
    pub lookups: Lookups,
}

/// Opens a socket. Has no deadline of its own: the caller drops it in time.
pub async fn dial(address: &Address, token: Option<&str>, route: &Route) -> Result<Socket, Trouble> {
    let mut request = address.expose().into_client_request().map_err(|_| unusable())?;
    if let Some(token) = token {
        let mut value = HeaderValue::try_from(format!("Bearer {token}")).map_err(|_| unusable())?;
        value.set_sensitive(true);
        request.headers_mut().insert(header::AUTHORIZATION, value);
    }
    let stream = connect(address, route).await?;
    let wire: Box<dyn Wire> = if address.is_secure() {
        Box::new(secure(address, stream, public_roots()).await?)
    } else {
        Box::new(stream)
    };
    let config = WebSocketConfig::default()
        .read_buffer_size(4096)
        .write_buffer_size(0)
        .max_write_buffer_size(MAX_MESSAGE)
        .max_message_size(Some(MAX_MESSAGE))
        .max_frame_size(Some(MAX_MESSAGE));
    match client_async_with_config(request, wire, Some(config)).await {
        Ok((socket, _)) => Ok(socket),
        Err(tungstenite::Error::Http(answer)) => Err(refused(answer.status())),
        Err(tungstenite::Error::Io(_)) => {
            let trouble = "The source broke off while the link was being established.";
            Err(Trouble::Passing(Code::SourceBrokeOff.says(trouble)))
        }
        Err(_) => {
            let trouble = "What answered at this address does not speak WebSocket.";
            Err(Trouble::Passing(Code::NoWebSocket.says(trouble)))
        }
    }
}

fn refused(status: StatusCode) -> Trouble {
    let said = |code: Code, words: &str| {
        code.says(format!("{words} (status {}).", status.as_u16())).with("status", f64::from(status.as_u16()))
    };
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            Trouble::Lasting(said(Code::TokenRefused, "The source does not accept the token"))
        }
        _ => Trouble::Passing(said(Code::SourceRefused, "The source refused a WebSocket")),
    }
}

fn unusable() -> Trouble {
    Trouble::Lasting(Code::LinkUnusable.says("The address or the token of this link cannot be used."))
}

async fn connect(address: &Address, route: &Route) -> Result<TcpStream, Trouble> {
    let found = route.lookups.addresses(&route.tenant, address.host(), address.port()).await;
    let unknown =
        |_| Trouble::Passing(Code::SourceUnknown.says("The name of the source could not be resolved."));
    let found = found.map_err(unknown)?;
    let allowed: Vec<_> = found.iter().filter(|found| route.reach.allows(found.ip())).collect();
    if allowed.is_empty() && !found.is_empty() {
        return Err(Trouble::Lasting(Code::LinkOutOfReach.says(
            "The address leads to this server itself or to its network's services, where links may not lead. \
             Whoever runs the server can allow it with --link-network.",
        )));
    }
    for candidate in allowed {
        if let Ok(Ok(stream)) = timeout(CONNECT_WITHIN, TcpStream::connect(candidate)).await {
            // Commands are short and waited for.
            let _ = stream.set_nodelay(true);
            return Ok(stream);
        }
    }
    Err(Trouble::Passing(Code::SourceUnreachable.says("The source could not be reached.")))
}

/// The certificate authorities that browsers trust.
fn public_roots() -> RootCertStore {
    RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }
}

async fn secure(
    address: &Address,
    stream: TcpStream,
    roots: RootCertStore,
) -> Result<impl Wire + use<>, Trouble> {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|_| unusable())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(address.host().to_owned()).map_err(|_| unusable())?;
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.map_err(|_| {
        let trouble = "No encrypted connection came about; the source's certificate may not be valid.";
        Trouble::Passing(Code::NotEncrypted.says(trouble))
    })
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;
    use tokio_rustls::{
        TlsAcceptor,
        rustls::{ServerConfig, pki_types::PrivateKeyDer},
    };

    use super::*;

    #[test]
    fn an_address_is_shown_without_what_may_be_secret() {
        let address = Address::parse("wss://source.example:8443/feed?token=abc").unwrap();
        assert_eq!(address.shown(), "wss://source.example:8443/feed");
        assert_eq!((address.host(), address.port()), ("source.example", 8443));
        let address = Address::parse("ws://[fd12::5]/rpc").unwrap();
        assert_eq!((address.host(), address.port()), ("fd12::5", 80));
    }

    #[test]
    fn what_is_no_address_of_a_socket_is_refused() {
        for text in [
            "",
            "192.168.1.20",
            "http://192.168.1.20/rpc",
            "ws://",
            "ws:///rpc",
            "ws://u:p@h/rpc",
            "ws://a b/",
        ] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
        assert!(Address::parse(&format!("ws://h/{}", "a".repeat(MAX_ADDRESS))).is_err());
    }

    #[tokio::test]
    async fn a_name_is_judged_by_where_it_leads() {
        for text in ["ws://localhost:9/rpc", "ws://127.0.0.1:9/rpc", "ws://[::1]:9/rpc"] {
            let address = Address::parse(text).unwrap();
            let route =
                Route { tenant: TenantId::main(), reach: Reach::default(), lookups: Lookups::default() };
            let dialled = dial(&address, None, &route).await;
            assert!(matches!(dialled, Err(Trouble::Lasting(_))), "{text}");
        }
    }

    #[tokio::test]
    async fn a_source_is_encrypted_only_with_a_certificate_that_is_vouched_for() {
        let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let own = certified.cert.der().clone();
        let key = PrivateKeyDer::try_from(certified.signing_key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![own.clone()], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let _ = acceptor.accept(stream).await;
            }
        });
        let mut vouched = RootCertStore::empty();
        vouched.add(own).unwrap();
        for (name, roots, accepted) in [
            ("localhost", vouched.clone(), true),
            ("localhost", public_roots(), false),
            ("127.0.0.1", vouched, false),
        ] {
            let address = Address::parse(&format!("wss://{name}:{port}/")).unwrap();
            let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            assert_eq!(secure(&address, stream, roots).await.is_ok(), accepted, "{name}");
        }
    }
}
