{{- define "mesh.deployment" -}}
{{- $config := include "mesh.configMap" . -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .service }}
  labels:
    {{- include "mesh.labels" . | nindent 4 }}
spec:
  replicas: {{ .values.replicas }}
  selector:
    matchLabels:
      {{- include "mesh.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "mesh.labels" . | nindent 8 }}
      annotations:
        # Other settings, other pods.
        checksum/config: {{ $config | sha256sum }}
    spec:
      serviceAccountName: {{ .service }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      # A page in hand is finished and stored before the process ends.
      terminationGracePeriodSeconds: 60
      {{- with .root.Values.image.pullSecrets }}
      imagePullSecrets:
        {{- range . }}
        - name: {{ . }}
        {{- end }}
      {{- end }}
      securityContext:
        runAsNonRoot: true
        runAsUser: {{ .root.Values.userId }}
        runAsGroup: {{ .root.Values.userId }}
        fsGroup: {{ .root.Values.userId }}
        seccompProfile:
          type: RuntimeDefault
      {{- if gt (int .values.replicas) 1 }}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "mesh.selector" . | nindent 14 }}
      {{- end }}
      containers:
        - name: {{ .service }}
          image: {{ include "mesh.image" . | quote }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          envFrom:
            - configMapRef:
                name: {{ .service }}
          ports:
            - name: mesh
              containerPort: 5081
            {{- if .callersPort }}
            - name: callers
              containerPort: 5080
            {{- end }}
          securityContext:
            allowPrivilegeEscalation: false
            privileged: false
            readOnlyRootFilesystem: true
            runAsNonRoot: true
            capabilities:
              drop: [ALL]
          # Started: the process answers. Ready: this service answers. Alive: the process answers still.
          startupProbe:
            grpc:
              port: 5081
            periodSeconds: 2
            failureThreshold: 60
          readinessProbe:
            grpc:
              port: 5081
              service: {{ .service }}
            periodSeconds: 5
            timeoutSeconds: 2
          livenessProbe:
            grpc:
              port: 5081
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          resources:
            {{- toYaml .values.resources | nindent 12 }}
          volumeMounts:
            - name: tmp
              mountPath: /tmp
            {{- range .secretFiles }}
            - name: {{ .volume }}
              mountPath: /run/secrets/mesh/{{ .volume }}
              readOnly: true
            {{- end }}
      volumes:
        - name: tmp
          emptyDir:
            sizeLimit: 64Mi
        {{- range .secretFiles }}
        - name: {{ .volume }}
          secret:
            secretName: {{ .secret }}
            defaultMode: 0440
            items:
              - key: {{ .key }}
                path: {{ .key }}
        {{- end }}
{{- end }}
