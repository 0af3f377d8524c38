/** The edge to Azure Communication Services: the SDK, the quota governor and the fault classifier. */
@NullMarked
package io.tokenbroker.acs;

import org.jspecify.annotations.NullMarked;
