package io.tokenbroker.local;

import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** A broker in this JVM. */
final class BrokerPart {
    private BrokerPart() {}

    /** Settings go in as properties and not as arguments, which any user of the machine can list. */
    static ConfigurableApplicationContext start(Map<String, Object> settings) {
        SpringApplication application = new SpringApplication(mainClass());
        application.setBannerMode(Banner.Mode.OFF);
        // the stack stops its parts in its own order
        application.setRegisterShutdownHook(false);
        application.setDefaultProperties(Map.of("logging.register-shutdown-hook", "false"));
        application.addInitializers(context ->
                context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("local stack", settings)));
        return application.run();
    }

    private static Class<?> mainClass() {
        try {
            return Class.forName("io.tokenbroker.TokenBroker");
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
