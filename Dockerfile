# SpeedData in one container. Base images are arguments, so that a mirror or a local build can stand in for them:
#   docker build --build-arg SDK_IMAGE=… --build-arg RUNTIME_IMAGE=… --build-arg NODE_IMAGE=… -t speeddata .
# For another machine: docker buildx build --platform linux/amd64,linux/arm64 -t speeddata .
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
ARG NODE_IMAGE=docker.io/library/node:20-bookworm-slim

# What the page draws its charts with. The SDK's image has no npm.
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS page
WORKDIR /page
COPY SpeedData.Server/Web/package.json SpeedData.Server/Web/package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

# The SDK runs on the builder's own machine and compiles for the target: no emulation.
FROM --platform=$BUILDPLATFORM ${SDK_IMAGE} AS build
# Set by the builder (BuildKit, buildah) to amd64 or arm64; a default here would win over what it sets.
ARG TARGETARCH
ARG COMMIT=unknown
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY build/HotPath/ build/HotPath/
COPY SpeedData.Core/SpeedData.Core.csproj SpeedData.Core/
COPY SpeedData.Server/SpeedData.Server.csproj SpeedData.Server/
RUN dotnet restore SpeedData.Server -a "$TARGETARCH"
COPY appsettings.json ./
COPY schemas/ schemas/
COPY SpeedData.Core/ SpeedData.Core/
COPY SpeedData.Server/ SpeedData.Server/
COPY --from=page /page/node_modules/ SpeedData.Server/Web/node_modules/
# A checkout of today is newer than a cached stage. The build would look for npm then.
RUN touch SpeedData.Server/Web/node_modules/.package-lock.json && test -f SpeedData.Server/Web/node_modules/uplot/dist/uPlot.esm.js
RUN dotnet publish SpeedData.Server -c Release -a "$TARGETARCH" --no-restore --self-contained false -p:SourceRevisionId="$COMMIT" -o /app \
    && mkdir /data

FROM ${RUNTIME_IMAGE}
# 1654 is the user "app" of the .NET images; a volume mounted at /data must belong to it (chown 1654:1654).
COPY --from=build /app /app
COPY --from=build --chown=1654:1654 /data /data
WORKDIR /app
USER 1654:1654
ENV URLS=http://+:8080 \
    SpeedData__Storage__AvroPath=/data \
    SpeedData__Defaults__Receive__Address=0.0.0.0 \
    DOTNET_EnableDiagnostics=0
VOLUME /data
EXPOSE 8080/tcp 26000/udp
# Live, not ready: one broken channel must not have the others killed.
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["dotnet", "/app/SpeedData.Server.dll", "healthcheck"]
ENTRYPOINT ["dotnet", "/app/SpeedData.Server.dll"]
