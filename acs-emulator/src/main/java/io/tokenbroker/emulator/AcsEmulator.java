package io.tokenbroker.emulator;

import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.tokenbroker.emulator.calls.CallLog;
import io.tokenbroker.emulator.calls.Calls;
import io.tokenbroker.emulator.calls.Quota;
import io.tokenbroker.emulator.keys.AccessKeys;
import io.tokenbroker.emulator.keys.CertificateAuthority.ServerCertificate;
import io.tokenbroker.emulator.keys.Keyring;
import io.tokenbroker.emulator.ledger.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

/**
 * A strict local stand-in for the ACS Identity REST API, listening from {@link #start} to {@link #close}; on loopback
 * alone unless {@link EmulatorOptions#host()} says otherwise.
 *
 * <p>Clients trust {@link #caPem()} and connect with {@link #connectionString()}. What tests ask and tell it goes over
 * the control port; the module's README lists that.
 */
public final class AcsEmulator implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String EVERY_ADDRESS = "0.0.0.0";
    private static final String AUTHORITY = "ca.pem";

    private final String host;
    private final Keyring keys;
    private final Ledger ledger;
    private final Calls calls;
    private final LoopResources threads;
    private final ChannelGroup connections;
    private final DisposableServer api;
    private final DisposableServer control;

    private AcsEmulator(
            String host,
            Keyring keys,
            Ledger ledger,
            Calls calls,
            LoopResources threads,
            ChannelGroup connections,
            DisposableServer api,
            DisposableServer control) {
        this.host = host;
        this.keys = keys;
        this.ledger = ledger;
        this.calls = calls;
        this.threads = threads;
        this.connections = connections;
        this.api = api;
        this.control = control;
    }

    /** Runs an emulator until the process is told to end. Exits with 2 on a bad option, with 1 if it cannot start. */
    public static void main(String[] args) throws InterruptedException {
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "io/tokenbroker/emulator/logback.xml");
        }
        int failure;
        try {
            AcsEmulator emulator = start(EmulatorOptions.parse(args));
            Runtime.getRuntime().addShutdownHook(new Thread(emulator::close, "acs-emulator-shutdown"));
            System.out.println("ready  acs=" + emulator.endpoint() + "  control=http://" + LOOPBACK + ":"
                    + emulator.controlPort() + "/emulator/  resource=" + emulator.keys.resourceId());
            new CountDownLatch(1).await();
            return;
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            failure = 2;
        } catch (RuntimeException e) {
            System.err.println("The emulator cannot start: " + told(e));
            failure = 1;
        }
        System.exit(failure);
    }

    /**
     * Starts an emulator. It listens when this returns.
     *
     * @throws IllegalArgumentException if the data directory belongs to another resource than the options name
     * @throws RuntimeException if a port is taken, or the data directory cannot be used or is in use
     */
    public static AcsEmulator start(EmulatorOptions options) {
        Path data = options.data();
        Keyring keys = keys(options, data);
        var calls = new Calls(options.callLog() == null ? null : CallLog.open(options.callLog()));
        Ledger ledger = ledger(data, calls);
        var threads = LoopResources.create("acs-emulator", Runtime.getRuntime().availableProcessors(), true);
        var connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
        DisposableServer api = null;
        try {
            var identityApi = new IdentityApi(
                    new RequestSignature(keys.accessKeys(), options.clock()),
                    new Resource(keys.resourceId(), keys.tokenKey(), ledger, options.clock()),
                    calls,
                    options.quota() == EmulatorOptions.QuotaPolicy.AZURE ? Quota.azure() : Quota.none(),
                    options.clock());
            String host = options.host();
            String address = host.equals(EmulatorOptions.LOCALHOST) ? LOOPBACK : EVERY_ADDRESS;
            SslContext tls = tls(keys, host);
            api = HttpServer.create()
                    .host(address)
                    .port(options.port())
                    .runOn(threads)
                    .channelGroup(connections)
                    .secure(spec -> spec.sslContext(tls))
                    .handle(identityApi::handle)
                    .bindNow();
            var controlApi = new ControlApi(identityApi, ledger, calls, keys, endpoint(host, api.port()));
            DisposableServer control = HttpServer.create()
                    .host(address)
                    .port(options.controlPort())
                    .runOn(threads)
                    .channelGroup(connections)
                    .maxKeepAliveRequests(1) // a kept connection might be read no more: reactor-netty issue 4361
                    .route(controlApi::routes)
                    .bindNow();
            return new AcsEmulator(host, keys, ledger, calls, threads, connections, api, control);
        } catch (RuntimeException e) {
            stop(api, null, connections, threads, ledger, calls);
            throw e;
        }
    }

    private static Ledger ledger(@Nullable Path data, Calls calls) {
        try {
            return new Ledger(data == null ? null : data.resolve("ledger.log"));
        } catch (RuntimeException e) {
            calls.close();
            throw e;
        }
    }

    /** As a client takes it, with the primary key: {@code endpoint=…;accesskey=…}. Holds a secret. */
    public String connectionString() {
        return keys.connectionString(endpoint(), AccessKeys.Name.PRIMARY);
    }

    /** The certificate of the authority to trust, in PEM. */
    public String caPem() {
        return keys.authority().pem();
    }

    /** Where the API listens. */
    public int port() {
        return api.port();
    }

    /** Where the emulator itself is asked and told. */
    public int controlPort() {
        return control.port();
    }

    /** The API's URL. */
    public String endpoint() {
        return endpoint(host, api.port());
    }

    /** Stops listening, cuts every connection and lets go of the data directory. */
    @Override
    public void close() {
        stop(api, control, connections, threads, ledger, calls);
    }

    private static void stop(
            @Nullable DisposableServer api,
            @Nullable DisposableServer control,
            ChannelGroup connections,
            LoopResources threads,
            Ledger ledger,
            Calls calls) {
        if (api != null) {
            api.dispose();
        }
        if (control != null) {
            control.dispose();
        }
        // threads that end may leave connections open
        connections.close().awaitUninterruptibly(2, TimeUnit.SECONDS);
        threads.disposeLater(Duration.ZERO, Duration.ofSeconds(2)).block(Duration.ofSeconds(5));
        ledger.close();
        calls.close();
    }

    private static Keyring keys(EmulatorOptions options, @Nullable Path data) {
        if (data == null) {
            return Keyring.create(options.resourceId(), options.accessKey());
        }
        try {
            Files.createDirectories(data);
            Keyring keys = Keyring.open(data, options.resourceId(), options.accessKey());
            // for clients that share the directory
            Files.writeString(data.resolve(AUTHORITY), keys.authority().pem());
            return keys;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SslContext tls(Keyring keys, String host) {
        ServerCertificate server = keys.authority().issue(host, Instant.now());
        try {
            return SslContextBuilder.forServer(server.key(), server.certificate())
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String endpoint(String host, int port) {
        return "https://" + host + ":" + port;
    }

    private static String told(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure.getMessage() + (cause == null ? "" : " (" + cause.getMessage() + ")");
    }

    @Override
    public String toString() {
        return "AcsEmulator[" + endpoint() + ", control port " + controlPort() + "]";
    }
}
