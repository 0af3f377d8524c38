package io.tokenbroker.http;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

/** The settings of this edge. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({CorsSettings.class, SecuritySettings.class, SseSettings.class})
class HttpConfiguration {}
