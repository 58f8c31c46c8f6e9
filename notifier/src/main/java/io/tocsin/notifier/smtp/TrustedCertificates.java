package io.tocsin.notifier.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Trust in certificates of one's own, such as that of a relay inside the house. */
final class TrustedCertificates {

  private TrustedCertificates() {}

  /**
   * Sockets that trust what chains up to a certificate of a file, and nothing else.
   *
   * @param pem one certificate or more (RFC 7468)
   * @throws IOException if the file cannot be read
   * @throws GeneralSecurityException if it holds no certificate
   */
  static SSLSocketFactory sockets(Path pem) throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (InputStream in = Files.newInputStream(pem)) {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (certificates.isEmpty()) {
        throw new CertificateException("no certificate");
      }
      for (Certificate certificate : certificates) {
        trusted.setCertificateEntry(Integer.toString(trusted.size()), certificate);
      }
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context.getSocketFactory();
  }
}
